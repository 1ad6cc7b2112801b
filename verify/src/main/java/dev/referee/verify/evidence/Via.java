package dev.referee.verify.evidence;

import dev.referee.oci.Digest;

/// The ways on which evidence about an artifact is found, in the order in which they are tried.
public enum Via {
  /// `GET /v2/<name>/referrers/<digest>`.
  REFERRERS_API(""),
  /// The tag `sha256-<hex>`, an index that clients keep where the registry has no referrers API. It
  /// is asked after an API that answered, too: notation writes it regardless, and registries that
  /// gained the API do not all take the old lists over.
  FALLBACK_TAG(""),
  /// Where cosign 1 and 2 keep signatures.
  SIGNATURE_TAG(".sig"),
  /// Where cosign 1 and 2 keep attestations.
  ATTESTATION_TAG(".att"),
  /// Where `cosign attach sbom` keeps documents. Nothing but the tag's name ties them to the image.
  SBOM_TAG(".sbom");

  private final String suffix;

  Via(String suffix) {
    this.suffix = suffix;
  }

  /// What a read of this list is remembered under.
  String key(Digest subject) {
    return "%s %s".formatted(this, subject);
  }

  String tag(Digest subject) {
    return subject.tagForm() + suffix;
  }

  /// How a person is told: `the referrers API`, `the tag sha256-6f0c8d3e1b5a....sig`.
  String describe(Digest subject) {
    return this == REFERRERS_API
        ? "the referrers API"
        : "the tag %s-%s...%s"
            .formatted(subject.algorithm().prefix(), subject.hex().substring(0, 12), suffix);
  }
}
