package dev.referee.testing.tls;

import java.util.regex.Pattern;

/// Names and addresses as they stand in URLs and certificates.
public final class Hosts {
  private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

  private Hosts() {}

  /// Whether the host is an IP address and not a name, so that a certificate lists it as one.
  public static boolean isIpAddress(String host) {
    return isIpv6(host) || IPV4.matcher(host).matches();
  }

  /// The host as it stands in a URL: IPv6 in brackets.
  public static String inUrl(String host) {
    return isIpv6(host) ? "[" + host + "]" : host;
  }

  private static boolean isIpv6(String host) {
    return host.contains(":");
  }
}
