package dev.referee.registry.mirror;

import dev.referee.client.Credentials;
import dev.referee.client.CredentialsSource;
import dev.referee.client.DockerConfig;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Credentials in a file that is written anew when they are rotated. Read at every request that
/// needs them, each of which goes to another machine; one that cannot be read leaves the old ones.
final class CredentialsFile implements CredentialsSource {
  private static final Logger LOG = LoggerFactory.getLogger(CredentialsFile.class);

  @SuppressWarnings("ArrayRecordComponent") // Compared by content where it matters.
  private record Loaded(byte[] bytes, CredentialsSource source) {}

  private final Path file;
  private volatile Loaded loaded;

  private CredentialsFile(Path file, Loaded loaded) {
    this.file = file;
    this.loaded = loaded;
  }

  static CredentialsFile open(Path file) throws UpstreamsException {
    try {
      var bytes = Files.readAllBytes(file);
      return new CredentialsFile(file, new Loaded(bytes, DockerConfig.parse(bytes)));
    } catch (IOException | MalformedContentException e) {
      // Not the parser's words: they may quote what is in the file.
      throw new UpstreamsException("%s has no credentials that can be read".formatted(file), e);
    }
  }

  @Override
  public Credentials credentials(Repository repository) {
    try {
      var bytes = Files.readAllBytes(file);
      if (!Arrays.equals(bytes, loaded.bytes())) {
        loaded = new Loaded(bytes, DockerConfig.parse(bytes));
        LOG.info("changed credentials of {} are in use", file);
      }
    } catch (IOException | MalformedContentException e) {
      LOG.warn("{} cannot be read; the old credentials stay in use", file);
    }
    return loaded.source().credentials(repository);
  }
}
