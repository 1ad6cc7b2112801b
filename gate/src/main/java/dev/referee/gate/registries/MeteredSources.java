package dev.referee.gate.registries;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.ArtifactSource;
import dev.referee.oci.ArtifactSources;
import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.ManifestContent;
import dev.referee.oci.ReferrerList;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;

/// Times what is asked of registries, by what is asked and what comes of it. Never by registry or
/// repository: image names are chosen by people we do not know.
public final class MeteredSources implements ArtifactSources {
  private final ArtifactSources sources;
  private final MeterRegistry meters;

  /// @param meters keeps `referee.registry.request`
  public MeteredSources(ArtifactSources sources, MeterRegistry meters) {
    this.sources = requireNonNull(sources, "sources is null");
    this.meters = requireNonNull(meters, "meters is null");
  }

  @Override
  public ArtifactSource open(Repository repository, Deadline deadline) {
    return new Metered(sources.open(repository, deadline));
  }

  /// One question.
  private interface Question<T> {
    T ask() throws SourceException;
  }

  private <T> T timed(String operation, Question<T> question) throws SourceException {
    var sample = Timer.start(meters);
    var outcome = "ERROR";
    try {
      var answer = question.ask();
      outcome = answer instanceof Optional<?> found && found.isEmpty() ? "absent" : "found";
      return answer;
    } catch (SourceException e) {
      outcome = e.reason().name().toLowerCase(Locale.ROOT);
      throw e;
    } finally {
      sample.stop(
          Timer.builder("referee.registry.request")
              .description("What is asked of registries, until the head of the answer")
              .tag("operation", operation)
              .tag("outcome", outcome)
              .register(meters));
    }
  }

  private final class Metered implements ArtifactSource {
    private final ArtifactSource source;

    Metered(ArtifactSource source) {
      this.source = source;
    }

    @Override
    public Optional<ManifestContent> manifest(String tag) throws SourceException {
      return timed("tag", () -> source.manifest(tag));
    }

    @Override
    public Optional<ManifestContent> manifest(Digest digest) throws SourceException {
      return timed("manifest", () -> source.manifest(digest));
    }

    @Override
    public Optional<InputStream> blob(Descriptor descriptor) throws SourceException {
      return timed("blob", () -> source.blob(descriptor));
    }

    @Override
    public Optional<byte[]> blobBytes(Descriptor descriptor, int maxBytes) throws SourceException {
      return timed("blob", () -> source.blobBytes(descriptor, maxBytes));
    }

    @Override
    public ReferrerList referrers(Digest subject) throws SourceException {
      return timed("referrers", () -> source.referrers(subject));
    }
  }
}
