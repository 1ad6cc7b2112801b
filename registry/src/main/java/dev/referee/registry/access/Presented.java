package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a request shows of who sends it.
///
/// @param authorization the values of its `Authorization` headers; empty for none
/// @param certificate by which the client proved who it is when it connected; null without one
/// @param address where it comes from, to slow down who guesses
public record Presented(
    List<String> authorization, @Nullable X509Certificate certificate, InetAddress address) {
  public Presented {
    authorization = List.copyOf(authorization);
    requireNonNull(address, "address is null");
  }
}
