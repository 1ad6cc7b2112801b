package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.content.RegistryException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Access by an access file and a file of users, either of which may be missing. Both are looked at
/// again and again, see [Reloaded].
public final class FileAccess implements Access {
  @SuppressWarnings("ArrayRecordComponent") // Compared by content where it matters.
  private record Loaded(byte @Nullable [] rules, byte @Nullable [] users, Authenticator access) {}

  private final @Nullable Path rulesFile;
  private final @Nullable Path usersFile;
  private final @Nullable RegistryTokens ownTokens;
  private final @Nullable TokenService tokens;
  private final InstantSource clock;
  private final Reloaded<Loaded> loaded;

  private FileAccess(
      @Nullable Path rulesFile,
      @Nullable Path usersFile,
      @Nullable Path keysFile,
      InstantSource clock)
      throws AccessFileException {
    this.rulesFile = rulesFile;
    this.usersFile = usersFile;
    this.clock = requireNonNull(clock, "clock is null");
    this.ownTokens =
        keysFile == null ? null : new RegistryTokens(TokenKeyFile.open(keysFile, clock), clock);
    this.tokens = ownTokens == null ? null : new TokenService(ownTokens, this::current);
    this.loaded =
        new Reloaded<>(
            "access", load(content(rulesFile), content(usersFile)), this::changed, clock);
  }

  /// Opens access by files.
  ///
  /// @param rulesFile the access file; null when users may do everything and others nothing
  /// @param usersFile users and bcrypt hashes; null when there are none
  /// @throws AccessFileException with a sentence, when one of them cannot be used
  public static Access open(@Nullable Path rulesFile, @Nullable Path usersFile, InstantSource clock)
      throws AccessFileException {
    return open(rulesFile, usersFile, null, clock);
  }

  /// Opens access by files, with tokens.
  ///
  /// @param keysFile secrets that sign tokens, one a line in base64; null for no tokens
  /// @throws AccessFileException with a sentence, when one of them cannot be used
  public static Access open(
      @Nullable Path rulesFile,
      @Nullable Path usersFile,
      @Nullable Path keysFile,
      InstantSource clock)
      throws AccessFileException {
    if (rulesFile != null || usersFile != null) {
      return new FileAccess(rulesFile, usersFile, keysFile, clock);
    }
    if (keysFile != null) {
      throw new AccessFileException(
          "tokens are of no use where everybody may do everything: say who may do what", null);
    }
    return OPEN;
  }

  @Override
  public Caller caller(Presented presented) throws RegistryException {
    return current().caller(presented);
  }

  @Override
  public @Nullable TokenService tokens() {
    return tokens;
  }

  private Authenticator current() {
    return loaded.get().access();
  }

  private Optional<Loaded> changed(Loaded before) throws AccessFileException {
    var rules = content(rulesFile);
    var users = content(usersFile);
    return Arrays.equals(rules, before.rules()) && Arrays.equals(users, before.users())
        ? Optional.empty()
        : Optional.of(load(rules, users));
  }

  private Loaded load(byte @Nullable [] rulesContent, byte @Nullable [] usersContent)
      throws AccessFileException {
    var rules = AccessRules.NONE;
    if (rulesContent != null) {
      try {
        rules = AccessFile.parse(rulesContent);
      } catch (AccessFileException e) {
        throw new AccessFileException("%s: %s".formatted(rulesFile, e.getMessage()), e);
      }
    }
    var users = Htpasswd.empty();
    if (usersContent != null) {
      try {
        users = Htpasswd.parse(usersContent);
      } catch (AccessFileException e) {
        throw new AccessFileException("%s: %s".formatted(usersFile, e.getMessage()), e);
      }
    }
    var accounts = rules.serviceAccounts();
    var keys = accounts == null ? null : new RememberedKeys(KeySources.of(accounts), clock);
    return new Loaded(
        rulesContent, usersContent, new Authenticator(rules, users, keys, ownTokens, clock));
  }

  private static byte @Nullable [] content(@Nullable Path file) throws AccessFileException {
    if (file == null) {
      return null;
    }
    try {
      return KeySources.read(file, AccessFile.MAX_BYTES);
    } catch (IOException e) {
      throw new AccessFileException("%s cannot be read: %s".formatted(file, e), e);
    }
  }
}
