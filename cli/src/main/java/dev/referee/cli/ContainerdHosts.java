package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Repository;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How containerd reaches a registry: its `hosts.toml`, which lies in a folder that is called as
/// images name the registry.
///
/// The file says the same twice. containerd 1.6 takes no file without a `host` table; and without
/// `server` every version falls back to the name that no node resolves, and reports that instead of
/// what the registry said.
///
/// @param registry host and port as images name it
/// @param server where nodes reach it
/// @param caBundle PEM certificates to trust, as `ca.crt` beside the file; absent, the node's own
record ContainerdHosts(String registry, URI server, @Nullable String caBundle) {
  static final String CA_FILE = "ca.crt";

  /// Nothing that would have to be escaped in TOML.
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[a-zA-Z0-9.-]+)(:[0-9]{1,5})?");

  ContainerdHosts {
    requireNonNull(registry, "registry is null");
    requireNonNull(server, "server is null");
  }

  /// @throws MisuseException with a sentence about the one that makes no sense
  static ContainerdHosts of(String registry, String server, @Nullable String caBundle)
      throws MisuseException {
    try {
      var normalised = new Repository(registry, "any").registry();
      return new ContainerdHosts(normalised, server(server), caBundle);
    } catch (MalformedContentException e) {
      throw new MisuseException("\"%s\" is no host of images".formatted(registry), e);
    }
  }

  private static URI server(String text) throws MisuseException {
    try {
      var uri = URI.create(text);
      var path = uri.getRawPath();
      if (("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
          && uri.getRawAuthority() != null
          && AUTHORITY.matcher(uri.getRawAuthority()).matches()
          && (path == null || path.isEmpty() || path.equals("/"))
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
      }
    } catch (IllegalArgumentException _) {
      // Said below, as for all others.
    }
    throw new MisuseException(
        "\"%s\" is no URL of a registry, such as https://127.0.0.1:30500".formatted(text));
  }

  /// The content of `hosts.toml`.
  String toml() {
    var text = new StringBuilder();
    text.append("# How containerd reaches %s: this file is\n".formatted(registry));
    text.append("# /etc/containerd/certs.d/%s/hosts.toml\n".formatted(registry));
    text.append("server = \"%s\"\n".formatted(server));
    text.append(trust(""));
    text.append("\n[host.\"%s\"]\n".formatted(server));
    text.append("  capabilities = [\"pull\", \"resolve\"]\n");
    text.append(trust("  "));
    return text.toString();
  }

  private String trust(String indentation) {
    return caBundle == null ? "" : "%sca = \"%s\"\n".formatted(indentation, CA_FILE);
  }
}
