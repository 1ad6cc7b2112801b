package dev.referee.verify.evidence;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.ManifestContent;
import org.jspecify.annotations.Nullable;

/// Something that may be evidence: found, not opened. What a list says about it may order the
/// search and never decides anything (cosign 3.1 writes wrong types into fallback indexes:
/// cosign#4641).
///
/// @param digest the artifact's manifest
/// @param claimedType the type that the list gives it
/// @param via how it was found
/// @param where how a person is told where
/// @param content the manifest, where finding it was reading it
public record Candidate(
    Digest digest,
    @Nullable String claimedType,
    Via via,
    String where,
    @Nullable ManifestContent content) {
  public Candidate {
    requireNonNull(digest, "digest is null");
    requireNonNull(via, "via is null");
    requireNonNull(where, "where is null");
  }

  static Candidate listed(Descriptor descriptor, Via via, String where) {
    return new Candidate(descriptor.digest(), descriptor.artifactType(), via, where, null);
  }

  static Candidate tagged(ManifestContent content, Via via, String where) {
    return new Candidate(content.digest(), null, via, where, content);
  }
}
