package dev.referee.registry.storage;

import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;

/// An object that is a file.
record FileContent(Path file, long size) implements StoredContent {
  @Override
  public InputStream stream(long offset) throws IOException {
    var channel = Files.newByteChannel(file, READ);
    channel.position(offset);
    return Channels.newInputStream(channel);
  }
}
