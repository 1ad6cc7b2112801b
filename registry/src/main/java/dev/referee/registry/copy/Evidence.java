package dev.referee.registry.copy;

import dev.referee.oci.ArtifactSource;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.Index;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.ManifestContent;
import dev.referee.oci.SourceException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a source says refers to a digest, in every way that clients have found to say so. Each of
/// it is a claim until the manifest has been opened.
///
/// @param listed manifests of the referrers API and of the fallback tag, together: a registry may
///   have one of them incomplete (distribution-spec v1.1.1, "Referrers Tag Schema")
/// @param tagged what cosign keeps under a tag, by that tag
record Evidence(Set<Digest> listed, Map<String, ManifestContent> tagged) {
  private static final List<String> COSIGN_SUFFIXES = List.of(".sig", ".att", ".sbom");

  static Evidence of(ArtifactSource source, Digest subject) throws SourceException {
    var listed = new LinkedHashSet<Digest>();
    for (var descriptor : source.referrers(subject).descriptors()) {
      listed.add(descriptor.digest());
    }
    var fallback = source.manifest(subject.tagForm());
    if (fallback.isPresent()) {
      listed.addAll(entries(fallback.get()));
    }
    var tagged = new LinkedHashMap<String, ManifestContent>();
    for (var suffix : COSIGN_SUFFIXES) {
      var tag = subject.tagForm() + suffix;
      source.manifest(tag).ifPresent(content -> tagged.put(tag, content));
    }
    return new Evidence(listed, tagged);
  }

  /// What a fallback tag lists; one that is no index lists nothing.
  static List<Digest> entries(ManifestContent fallback) {
    try {
      return fallback.parse() instanceof Index index
          ? index.manifests().stream().map(Descriptor::digest).toList()
          : List.of();
    } catch (MalformedContentException e) {
      return List.of();
    }
  }

  int count() {
    return listed.size() + tagged.size();
  }
}
