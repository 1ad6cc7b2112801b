package dev.referee.deploy.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.deploy.image.FileTree.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;

/// Writes tar archives (POSIX.1-1988 ustar) that depend on nothing but names, modes and content:
/// one time for all, owner 0 for all.
final class TarWriter implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final int MAX_NAME = 100;
  private static final int MAX_PREFIX = 155;
  private static final int NAME_AT = 0;
  private static final int MODE_AT = 100;
  private static final int UID_AT = 108;
  private static final int GID_AT = 116;
  private static final int SIZE_AT = 124;
  private static final int TIME_AT = 136;
  private static final int CHECKSUM_AT = 148;
  private static final int TYPE_AT = 156;
  private static final int LINK_AT = 157;
  private static final int MAGIC_AT = 257;
  private static final int PREFIX_AT = 345;

  private final OutputStream out;
  private final Instant time;

  /// @param out closed with the writer
  /// @param time when everything was changed last
  TarWriter(OutputStream out, Instant time) {
    this.out = requireNonNull(out, "out is null");
    this.time = requireNonNull(time, "time is null");
  }

  void write(FileTree tree) throws IOException {
    for (var entry : tree.entries().entrySet()) {
      write(entry.getKey(), entry.getValue());
    }
  }

  private void write(String path, Entry entry) throws IOException {
    switch (entry) {
      case Entry.Folder folder -> header(path + "/", folder.mode(), 0, '5', "");
      case Entry.Link link -> header(path, link.mode(), 0, '2', link.target());
      case Entry.Text text -> {
        var bytes = text.content().getBytes(UTF_8);
        header(path, text.mode(), bytes.length, '0', "");
        content(new ByteArrayInputStream(bytes), bytes.length);
      }
      case Entry.Copy copy -> file(path, copy.source(), copy.mode());
    }
  }

  private void file(String path, Path source, int mode) throws IOException {
    long size = Files.size(source);
    header(path, mode, size, '0', "");
    try (var stream = Files.newInputStream(source)) {
      content(stream, size);
    }
  }

  private void content(InputStream stream, long size) throws IOException {
    long copied = stream.transferTo(out);
    if (copied != size) {
      throw new IOException("a file changed its size from %d to %d".formatted(size, copied));
    }
    out.write(new byte[(int) (-size & (BLOCK - 1))]);
  }

  private void header(String path, int mode, long size, char type, String link) throws IOException {
    var block = new byte[BLOCK];
    int split = split(path);
    text(block, NAME_AT, MAX_NAME, path.substring(split == 0 ? 0 : split + 1));
    text(block, PREFIX_AT, MAX_PREFIX, path.substring(0, split));
    octal(block, MODE_AT, 8, mode);
    octal(block, UID_AT, 8, 0);
    octal(block, GID_AT, 8, 0);
    octal(block, SIZE_AT, 12, size);
    octal(block, TIME_AT, 12, time.getEpochSecond());
    block[TYPE_AT] = (byte) type;
    text(block, LINK_AT, MAX_NAME, link);
    text(block, MAGIC_AT, 8, "ustar\00000");
    checksum(block);
    out.write(block);
  }

  /// Where the prefix ends; 0 where none is needed.
  private static int split(String path) throws IOException {
    if (path.getBytes(UTF_8).length <= MAX_NAME) {
      return 0;
    }
    for (int slash = path.lastIndexOf('/', MAX_PREFIX);
        slash > 0;
        slash = path.lastIndexOf('/', slash - 1)) {
      var name = path.substring(slash + 1);
      if (!name.isEmpty() && name.length() <= MAX_NAME) {
        return slash;
      }
    }
    throw new IOException("\"%s\" is too long for an archive".formatted(path));
  }

  private static void text(byte[] block, int at, int max, String text) throws IOException {
    var bytes = text.getBytes(UTF_8);
    if (bytes.length > max) {
      throw new IOException("\"%s\" is too long for an archive".formatted(text));
    }
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private static void octal(byte[] block, int at, int length, long number) throws IOException {
    var digits = Long.toOctalString(number);
    if (digits.length() > length - 1) {
      throw new IOException("%d is too large for an archive".formatted(number));
    }
    var padded = "0".repeat(length - 1 - digits.length()) + digits;
    System.arraycopy(padded.getBytes(US_ASCII), 0, block, at, length - 1);
  }

  /// The sum of all bytes, while its own field is blank.
  private static void checksum(byte[] block) {
    Arrays.fill(block, CHECKSUM_AT, CHECKSUM_AT + 8, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    var digits = "%06o\0 ".formatted(sum).getBytes(US_ASCII);
    System.arraycopy(digits, 0, block, CHECKSUM_AT, digits.length);
  }

  /// Ends the archive with two empty blocks.
  @Override
  public void close() throws IOException {
    try (out) {
      out.write(new byte[2 * BLOCK]);
    }
  }
}
