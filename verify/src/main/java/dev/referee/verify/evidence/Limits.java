package dev.referee.verify.evidence;

/// How much evidence is looked at. Whoever can push can add referrers, so each limit is an answer
/// ("too much"), never an open question, and each leaves room for the good evidence among junk.
final class Limits {
  /// Manifests opened for one decision. A thousand junk referrers do not hide the good one.
  static final int MANIFESTS = 2_000;

  /// From here on a deadline that passes is the fault of the number, not of the registry.
  static final int FLOOD = 100;

  /// Reads of one decision under way at the same time.
  static final int CONCURRENT_READS = 32;

  /// Layers of one manifest that are looked at: cosign's tags have a layer for each signature.
  static final int LAYERS = 256;

  /// A bundle that signs and does not attest is a few kilobytes with certificate and log proof.
  static final int SIGNATURE_BYTES = 1 << 20;

  /// A bundle or envelope that carries a document.
  static final int ATTESTATION_BYTES = 16 << 20;

  /// A document that stands for itself.
  static final int DOCUMENT_BYTES = 32 << 20;

  /// With more than this asked for, a deadline that passes is the fault of the amount.
  static final long FLOOD_BYTES = DOCUMENT_BYTES;

  private Limits() {}
}
