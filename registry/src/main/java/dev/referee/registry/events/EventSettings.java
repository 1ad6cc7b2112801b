package dev.referee.registry.events;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where events go.
///
/// @param sink an `http` or `https` URL that takes CloudEvents
/// @param tokenFile a token that the sink wants, as a Bearer token; read for every request, so that
///   it may be renewed
/// @param authorities PEM certificates of authorities, one of which vouches for the sink; read for
///   every request, so that they may be renewed; null, those of the system
/// @param source how the registry is named in its events, since nobody else finds it where it
///   listens in a pod; null, by the address at which it listens
public record EventSettings(
    URI sink, @Nullable Path tokenFile, @Nullable Path authorities, @Nullable URI source) {
  /// Checks what cannot be right.
  ///
  /// @throws IllegalArgumentException with a sentence
  public EventSettings {
    requireNonNull(sink, "sink is null");
    var scheme = String.valueOf(sink.getScheme()).toLowerCase(Locale.ROOT);
    if ((!scheme.equals("http") && !scheme.equals("https")) || sink.getHost() == null) {
      throw new IllegalArgumentException("the sink of events is not an http or https URL");
    }
    if (sink.getRawUserInfo() != null) {
      // It would show wherever the URL does.
      throw new IllegalArgumentException(
          "the URL of the sink of events has credentials in it; give a token in a file");
    }
    if (tokenFile != null && scheme.equals("http") && !isLoopback(sink.getHost())) {
      throw new IllegalArgumentException(
          "the token for the sink of events would be sent without TLS");
    }
    if (authorities != null && scheme.equals("http")) {
      throw new IllegalArgumentException(
          "the sink of events is spoken to without TLS, so nobody vouches for it");
    }
    if (source != null && source.toString().isEmpty()) {
      throw new IllegalArgumentException("the source of events is empty");
    }
  }

  /// A sink for which an authority of the system vouches.
  public EventSettings(URI sink, @Nullable Path tokenFile) {
    this(sink, tokenFile, null, null);
  }

  /// The same, for which one of these authorities vouches, and none of the system.
  public EventSettings trusting(@Nullable Path file) {
    return new EventSettings(sink, tokenFile, file, source);
  }

  /// The same, by another name of the registry.
  public EventSettings named(@Nullable URI name) {
    return new EventSettings(sink, tokenFile, authorities, name);
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
