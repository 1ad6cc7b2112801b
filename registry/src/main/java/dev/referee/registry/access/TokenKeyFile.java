package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file of keys that is looked at again when it is used and the last look was a while ago, as the
/// files of [FileAccess] are.
final class TokenKeyFile implements Supplier<TokenKeys> {
  private static final Logger LOG = LoggerFactory.getLogger(TokenKeyFile.class);

  @SuppressWarnings("ArrayRecordComponent") // Compared by content where it matters.
  private record Loaded(byte[] content, TokenKeys keys) {}

  private final Path file;
  private final InstantSource clock;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile Loaded loaded;
  private volatile Instant looked;

  private TokenKeyFile(Path file, InstantSource clock) throws AccessFileException {
    this.file = requireNonNull(file, "file is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.looked = clock.instant();
    this.loaded = load(content());
  }

  /// @throws AccessFileException with a sentence, when the file cannot be used
  static TokenKeyFile open(Path file, InstantSource clock) throws AccessFileException {
    return new TokenKeyFile(file, clock);
  }

  @Override
  public TokenKeys get() {
    var now = clock.instant();
    // One looks, the others go on.
    if (!now.isBefore(looked.plus(FileAccess.INTERVAL)) && looking.tryLock()) {
      try {
        looked = now;
        var content = content();
        if (!Arrays.equals(content, loaded.content())) {
          loaded = load(content);
          LOG.info("changed keys of tokens are in force");
        }
      } catch (AccessFileException e) {
        LOG.error("the old keys of tokens stay in force: {}", e.getMessage());
      } finally {
        looking.unlock();
      }
    }
    return loaded.keys();
  }

  private Loaded load(byte[] content) throws AccessFileException {
    try {
      return new Loaded(content, TokenKeys.parse(content));
    } catch (AccessFileException e) {
      throw new AccessFileException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private byte[] content() throws AccessFileException {
    try {
      return KeySources.read(file, TokenKeys.MAX_BYTES);
    } catch (IOException e) {
      throw new AccessFileException("%s cannot be read: %s".formatted(file, e), e);
    }
  }
}
