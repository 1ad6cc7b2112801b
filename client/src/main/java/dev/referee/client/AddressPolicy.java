package dev.referee.client;

import static dev.referee.oci.SourceReason.ADDRESS_REFUSED;
import static dev.referee.oci.SourceReason.UNREACHABLE;

import dev.referee.oci.SourceException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/// Decides which addresses are spoken to. Image names, redirects and token services are chosen by
/// people we do not know, so none of them may lead to a machine's own metadata service (N86).
final class AddressPolicy {
  /// AWS's metadata service over IPv6; every other cloud's is link-local.
  private static final String AWS_METADATA = "fd00:ec2:0:0:0:0:0:254";

  private AddressPolicy() {}

  /// The addresses of a host. The connection goes to one of these and no other, so that a name
  /// cannot change what it stands for after it was looked at.
  ///
  /// @throws SourceException with `UNREACHABLE` for an unknown host, `ADDRESS_REFUSED` when one of
  ///   its addresses is never spoken to
  static List<InetAddress> resolve(String host) throws SourceException {
    try {
      var addresses = InetAddress.getAllByName(host);
      for (var address : addresses) {
        check(host, address);
      }
      return Arrays.asList(addresses);
    } catch (UnknownHostException e) {
      throw new SourceException(UNREACHABLE, "the host %s is unknown".formatted(host), e);
    }
  }

  static boolean isLoopback(String host) {
    try {
      return host.equals("localhost")
          || (isLiteral(host) && InetAddress.getByName(host).isLoopbackAddress());
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean isLiteral(String host) {
    return host.contains(":") || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }

  private static void check(String host, InetAddress address) throws SourceException {
    if (address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || address.isAnyLocalAddress()
        || address.getHostAddress().equals(AWS_METADATA)) {
      throw new SourceException(
          ADDRESS_REFUSED,
          "%s has the address %s, which registries are never asked at"
              .formatted(host, address.getHostAddress()));
    }
  }
}
