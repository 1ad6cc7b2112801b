package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;

import dev.referee.testing.tls.Hosts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Map;

/// The address at which the API server reaches a server in this process.
///
/// @param host what stands in the URL and in the server's certificate: an IP address or a name
/// @param bind where the server listens
public record CallbackAddress(String host, InetAddress bind) {
  /// Names the host where the local address is not the way back: behind NAT, or in a container.
  static final String OVERRIDE = "REFEREE_E2E_HOST";

  private static final int CONNECT_MILLIS = 10_000;

  public CallbackAddress {
    requireNonNull(host, "host is null");
    requireNonNull(bind, "bind is null");
  }

  /// The local address of a socket opened to the API server, unless `REFEREE_E2E_HOST` names
  /// another.
  static CallbackAddress towards(URI apiServer, Map<String, String> environment) {
    var override = environment.getOrDefault(OVERRIDE, "");
    if (!override.isBlank()) {
      // Which of the local addresses the other one leads to is not known.
      return new CallbackAddress(override.strip(), new InetSocketAddress(0).getAddress());
    }
    var local = localAddress(apiServer);
    // An interface's name behind a link-local address means nothing to others.
    return new CallbackAddress(local.getHostAddress().replaceFirst("%.*", ""), local);
  }

  /// The URL of a path on a server that listens at this address.
  public URI https(int port, String path) {
    return URI.create("https://%s:%d%s".formatted(Hosts.inUrl(host), port, path));
  }

  private static InetAddress localAddress(URI apiServer) {
    int port = apiServer.getPort() < 0 ? 443 : apiServer.getPort();
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(apiServer.getHost(), port), CONNECT_MILLIS);
      return socket.getLocalAddress();
    } catch (IOException e) {
      throw new ClusterException("cannot open a connection to the API server " + apiServer, e);
    }
  }
}
