package dev.referee.cli;

import dev.referee.registry.events.EventSettings;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Who is told what happens to the registry's content.
final class EventOptions {
  @Option(
      names = "--events-sink",
      paramLabel = "URL",
      description = "Where to send a CloudEvent for every push and deletion (default: nowhere).")
  private @Nullable URI sink;

  @Option(
      names = "--events-token-file",
      paramLabel = "FILE",
      description = "A token that the sink wants, sent to it alone as a Bearer token.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--events-ca",
      paramLabel = "FILE",
      description = "Authorities (PEM) that vouch for the sink, instead of the system's.")
  private @Nullable Path authorities;

  @Option(
      names = "--events-source",
      paramLabel = "URI",
      description = "How the registry is named in its events (default: where it listens).")
  private @Nullable URI source;

  /// The settings; null for nobody.
  @Nullable EventSettings settings() throws MisuseException {
    if (sink == null) {
      if (tokenFile != null) {
        throw new MisuseException("--events-token-file is for the sink of --events-sink");
      }
      if (authorities != null) {
        throw new MisuseException("--events-ca is for the sink of --events-sink");
      }
      if (source != null) {
        throw new MisuseException("--events-source is for the events of --events-sink");
      }
      return null;
    }
    try {
      return new EventSettings(sink, tokenFile, authorities, source);
    } catch (IllegalArgumentException e) {
      throw new MisuseException("--events-sink: " + e.getMessage(), e);
    }
  }
}
