package dev.referee.server;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/// Where a server listens, written `HOST:PORT`.
///
/// @param host a name or an IP address; an IPv6 address without brackets
/// @param port 0..65535; 0 takes any free one
public record ListenAddress(String host, int port) {
  private static final int MAX_PORT = 65535;

  /// RFC 1035 section 2.3.4; also keeps the pattern away from long strings.
  private static final int MAX_HOST_CHARS = 253;

  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  public ListenAddress {
    requireNonNull(host, "host is null");
    if (host.length() > MAX_HOST_CHARS || !HOST.matcher(host).matches()) {
      throw new IllegalArgumentException("\"%s\" is not a host to listen on".formatted(host));
    }
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "port %d to listen on is not within 0..%d".formatted(port, MAX_PORT));
    }
  }

  /// Reads `HOST:PORT`, `[IPV6]:PORT`.
  ///
  /// @throws IllegalArgumentException with a sentence that says what is wrong
  public static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "\"%s\" has no port; write HOST:PORT, such as 127.0.0.1:5000".formatted(text));
    }
    if (colon == 0) {
      throw new IllegalArgumentException(
          "\"%s\" has no host; write 0.0.0.0%s to listen on every address".formatted(text, text));
    }
    return new ListenAddress(
        hostOf(text, text.substring(0, colon)), portOf(text, text.substring(colon + 1)));
  }

  /// Whether only this machine reaches the address. A name that does not resolve counts as
  /// reachable.
  public boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /// The address in the form that URLs need.
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  private static String hostOf(String text, String host) {
    if (host.startsWith("[") && host.endsWith("]") && host.indexOf(':') >= 0) {
      return host.substring(1, host.length() - 1);
    }
    if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "\"%s\" is ambiguous; an IPv6 address stands in brackets: [::1]:5000".formatted(text));
    }
    return host;
  }

  private static int portOf(String text, String port) {
    if (!PORT.matcher(port).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" does not end in a port number within 0..%d".formatted(text, MAX_PORT));
    }
    return Integer.parseInt(port);
  }
}
