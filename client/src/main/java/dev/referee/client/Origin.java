package dev.referee.client;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Locale;

/// Scheme, host and port: what credentials belong to (RFC 6454). Two origins that differ in any of
/// them are strangers.
///
/// @param scheme `https` or `http`
/// @param host lower case, brackets of an IPv6 address removed
/// @param port always explicit
record Origin(String scheme, String host, int port) {
  Origin {
    requireNonNull(scheme, "scheme is null");
    requireNonNull(host, "host is null");
  }

  /// The origin of an absolute URI.
  ///
  /// @throws IllegalArgumentException when it has none that is spoken to
  static Origin of(URI uri) {
    var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    var host = uri.getHost();
    if (host == null || (!scheme.equals("https") && !scheme.equals("http"))) {
      throw new IllegalArgumentException("not an absolute http or https URL");
    }
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException("a URL with a user in it is not used");
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return new Origin(scheme, stripBrackets(host.toLowerCase(Locale.ROOT)), port);
  }

  private static String stripBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  boolean isEncrypted() {
    return scheme.equals("https");
  }

  Origin withScheme(String other) {
    return new Origin(other, host, port);
  }

  /// The URI of a path at this origin.
  ///
  /// @param pathAndQuery encoded, from the slash on
  URI uri(String pathAndQuery) {
    return URI.create(this + pathAndQuery);
  }

  /// `https://registry.example.com:5000`; a default port is left out.
  @Override
  public String toString() {
    var name = host.contains(":") ? "[" + host + "]" : host;
    boolean isDefault = port == (isEncrypted() ? 443 : 80);
    return scheme + "://" + name + (isDefault ? "" : ":" + port);
  }
}
