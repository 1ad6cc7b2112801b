package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/// A file of keys that is looked at again and again, see [Reloaded].
final class TokenKeyFile implements Supplier<TokenKeys> {
  @SuppressWarnings("ArrayRecordComponent") // Compared by content where it matters.
  private record Loaded(byte[] content, TokenKeys keys) {}

  private final Path file;
  private final Reloaded<Loaded> loaded;

  private TokenKeyFile(Path file, InstantSource clock) throws AccessFileException {
    this.file = requireNonNull(file, "file is null");
    this.loaded = new Reloaded<>("keys of tokens", load(content()), this::changed, clock);
  }

  /// @throws AccessFileException with a sentence, when the file cannot be used
  static TokenKeyFile open(Path file, InstantSource clock) throws AccessFileException {
    return new TokenKeyFile(file, clock);
  }

  @Override
  public TokenKeys get() {
    return loaded.get().keys();
  }

  private Optional<Loaded> changed(Loaded before) throws AccessFileException {
    var content = content();
    return Arrays.equals(content, before.content()) ? Optional.empty() : Optional.of(load(content));
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
