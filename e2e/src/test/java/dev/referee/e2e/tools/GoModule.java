package dev.referee.e2e.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/// A folder with a `go.mod` that pins tools and a `go.sum` that pins every byte they are built
/// from.
///
/// @param name names the module in the cache
/// @param folder where `go.mod` and `go.sum` are
/// @param linkerFlags what `-ldflags` gets
public record GoModule(String name, Path folder, String linkerFlags) {
  /// Enough of a hash to tell pins apart, short enough for a folder's name.
  private static final int KEY_DIGITS = 16;

  public GoModule {
    requireNonNull(name, "name is null");
    requireNonNull(folder, "folder is null");
    requireNonNull(linkerFlags, "linkerFlags is null");
  }

  /// The same module with other linker flags.
  public GoModule linkedWith(String flags) {
    return new GoModule(name, folder, flags);
  }

  /// The options of `go build`, the same for every tool. With `-trimpath` and without C, compiled
  /// packages do not depend on this checkout or this machine's compiler, so that one Go build cache
  /// serves every checkout.
  List<String> flags() {
    return List.of("-trimpath", "-buildvcs=false", "-ldflags", linkerFlags);
  }

  /// Names what a build of this module depends on: pins, flags and platform. Another key means
  /// another build.
  ///
  /// @throws UncheckedIOException when the folder has no `go.mod` or `go.sum`
  public String key() {
    var hash = sha256();
    try {
      field(hash, goMod().getBytes(UTF_8));
      field(hash, Files.readAllBytes(folder.resolve("go.sum")));
    } catch (IOException e) {
      throw unreadable(e);
    }
    flags().forEach(flag -> field(hash, flag.getBytes(UTF_8)));
    field(hash, System.getProperty("os.name").getBytes(UTF_8));
    field(hash, System.getProperty("os.arch").getBytes(UTF_8));
    return HexFormat.of().formatHex(hash.digest()).substring(0, KEY_DIGITS);
  }

  /// The version that `go.mod` pins of a module, with its `v`.
  public String version(String modulePath) {
    var pin = Pattern.compile("^\\s*" + Pattern.quote(modulePath) + " (v\\S+)", Pattern.MULTILINE);
    var found = pin.matcher(goMod());
    if (!found.find()) {
      throw new IllegalArgumentException(
          "go.mod of %s does not require %s".formatted(name, modulePath));
    }
    return found.group(1);
  }

  private String goMod() {
    try {
      return Files.readString(folder.resolve("go.mod"));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private UncheckedIOException unreadable(IOException e) {
    return new UncheckedIOException("cannot read the pins of Go module " + name, e);
  }

  /// Length first: what ends one field cannot begin the next.
  private static void field(MessageDigest hash, byte[] content) {
    hash.update((content.length + ":").getBytes(UTF_8));
    hash.update(content);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
