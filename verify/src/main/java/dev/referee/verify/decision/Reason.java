package dev.referee.verify.decision;

import dev.referee.oci.SourceReason;

/// Why a requirement does not hold, or a piece of evidence proves nothing: stable codes, for
/// messages, metrics, reports and whoever automates on them.
public enum Reason {
  // What the evidence lacks.

  /// No signature at all.
  UNSIGNED,
  /// Signed, but by nobody whom the policy names.
  UNTRUSTED_KEY,
  /// It names a trusted key, but the signature is not that key's.
  SIGNATURE_INVALID,
  /// Signed by the right one, about another artifact.
  SUBJECT_MISMATCH,
  /// An attestation where a signature is asked for: the signer said something else.
  NOT_A_SIGNATURE,
  /// Signed with a certificate where a key is asked for.
  CERTIFICATE_INSTEAD_OF_KEY,
  /// Signed with a key where a certificate is asked for.
  KEY_INSTEAD_OF_CERTIFICATE,
  /// A certificate of nobody whom the trust root names.
  UNTRUSTED_CERTIFICATE,
  /// A certificate that must not sign code, or that is not made as one has to be.
  CERTIFICATE_INVALID,
  /// A proven time at which a certificate of the chain was not valid, or its authority not trusted.
  CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
  /// A certificate of the chain is not valid now, and nobody who is trusted says when it was
  /// signed.
  CERTIFICATE_NOT_VALID_NOW,
  /// A certificate that its authority took back.
  CERTIFICATE_REVOKED,
  /// Whether a certificate was taken back cannot be found out.
  REVOCATION_UNKNOWN,
  /// Past what its signer calls its best time.
  SIGNATURE_EXPIRED,
  /// A trusted certificate of somebody else.
  IDENTITY_MISMATCH,
  /// No proof that the certificate is in a certificate transparency log, or too few.
  SCT_MISSING,
  /// Proofs by certificate transparency logs that the trust root does not name.
  SCT_UNTRUSTED,
  /// Such a proof by a known log, but not for this certificate, or not at a time it was trusted.
  SCT_INVALID,
  /// No entry of a transparency log, or too few.
  LOG_ENTRY_MISSING,
  /// Entries of logs that the trust root does not name.
  LOG_UNKNOWN,
  /// An entry about another signature, another artifact or another signer.
  LOG_ENTRY_MISMATCH,
  /// The log's promise (SET) is not the log's, or not for this entry at this time.
  LOG_PROMISE_INVALID,
  /// A proven time at which the trust root does not trust the log's key.
  LOG_OUTSIDE_VALIDITY,
  /// An entry without proof that it is in the log.
  INCLUSION_PROOF_MISSING,
  /// A proof that does not lead from the entry to the root of the log.
  INCLUSION_PROOF_INVALID,
  /// The log's root is not signed by the log, or is another root.
  CHECKPOINT_INVALID,
  /// Nobody who is trusted says when it was signed.
  TIME_UNPROVEN,
  /// Fewer timestamps than asked for.
  TIMESTAMP_MISSING,
  /// Timestamps by authorities that the trust root does not name.
  TIMESTAMP_UNTRUSTED,
  /// A timestamp that is not made as one has to be.
  TIMESTAMP_INVALID,
  /// A timestamp of another signature.
  TIMESTAMP_MISMATCH,
  /// A timestamp from when its authority's certificates were not valid, or not trusted.
  TIMESTAMP_OUTSIDE_VALIDITY,
  /// Signed by the right one, before or after its word counts.
  SIGNER_OUTSIDE_VALIDITY,
  /// Fewer different signers than asked for.
  THRESHOLD_NOT_REACHED,
  /// No SBOM at all.
  SBOM_MISSING,
  /// An SBOM, but without a signature.
  SBOM_UNSIGNED,
  /// An SBOM of a format that does not count.
  SBOM_FORMAT_NOT_ACCEPTED,
  /// The content is not what it should be, however it was signed.
  MALFORMED_EVIDENCE,
  /// Well-formed, but of a kind or version that is not read.
  UNSUPPORTED_EVIDENCE,
  /// Listed, but not there.
  EVIDENCE_NOT_FOUND,
  /// The bytes are not the ones that the digest names.
  CONTENT_MISMATCH,
  /// More, or larger, than is ever read. An answer, not an open question.
  TOO_MUCH_EVIDENCE,

  // What the policy, or the image itself, brings about.

  /// The policy forbids the image.
  FORBIDDEN,
  /// No policy matches, and the configuration denies what no policy matches.
  NOT_MATCHED,
  /// The registry has no such image.
  IMAGE_NOT_FOUND,
  /// The policy, or something it names, makes no sense.
  POLICY_INVALID,
  /// What the trust root says about whoever is involved makes no sense.
  TRUST_ROOT_INVALID,
  /// What was said about reaching the registry makes no sense.
  REGISTRY_MISCONFIGURED,
  /// A bug of ours. It denies.
  INTERNAL_ERROR,

  // What keeps the registry from being asked. These are never about content.

  /// An address, redirect or token service that is never used.
  REGISTRY_REFUSED,
  REGISTRY_UNREACHABLE,
  REGISTRY_TIMEOUT,
  REGISTRY_TLS_FAILED,
  REGISTRY_UNAUTHORIZED,
  REGISTRY_FORBIDDEN,
  REGISTRY_RATE_LIMITED,
  REGISTRY_ERROR;

  /// Whether the question stays open: the way to the evidence is broken, and asking again may be
  /// answered. Nothing that somebody can push is among these.
  public boolean isTransport() {
    return switch (this) {
      case REGISTRY_UNREACHABLE,
          REGISTRY_TIMEOUT,
          REGISTRY_TLS_FAILED,
          REGISTRY_UNAUTHORIZED,
          REGISTRY_FORBIDDEN,
          REGISTRY_RATE_LIMITED,
          REGISTRY_ERROR ->
          true;
      case UNSIGNED,
          UNTRUSTED_KEY,
          SIGNATURE_INVALID,
          SUBJECT_MISMATCH,
          NOT_A_SIGNATURE,
          CERTIFICATE_INSTEAD_OF_KEY,
          KEY_INSTEAD_OF_CERTIFICATE,
          UNTRUSTED_CERTIFICATE,
          CERTIFICATE_INVALID,
          CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
          CERTIFICATE_NOT_VALID_NOW,
          CERTIFICATE_REVOKED,
          // An answer too: whoever can keep a responder from answering must not bring about what
          // `onError` allows.
          REVOCATION_UNKNOWN,
          SIGNATURE_EXPIRED,
          IDENTITY_MISMATCH,
          SCT_MISSING,
          SCT_UNTRUSTED,
          SCT_INVALID,
          LOG_ENTRY_MISSING,
          LOG_UNKNOWN,
          LOG_ENTRY_MISMATCH,
          LOG_PROMISE_INVALID,
          LOG_OUTSIDE_VALIDITY,
          INCLUSION_PROOF_MISSING,
          INCLUSION_PROOF_INVALID,
          CHECKPOINT_INVALID,
          TIME_UNPROVEN,
          TIMESTAMP_MISSING,
          TIMESTAMP_UNTRUSTED,
          TIMESTAMP_INVALID,
          TIMESTAMP_MISMATCH,
          TIMESTAMP_OUTSIDE_VALIDITY,
          SIGNER_OUTSIDE_VALIDITY,
          THRESHOLD_NOT_REACHED,
          SBOM_MISSING,
          SBOM_UNSIGNED,
          SBOM_FORMAT_NOT_ACCEPTED,
          MALFORMED_EVIDENCE,
          UNSUPPORTED_EVIDENCE,
          EVIDENCE_NOT_FOUND,
          CONTENT_MISMATCH,
          TOO_MUCH_EVIDENCE,
          FORBIDDEN,
          NOT_MATCHED,
          IMAGE_NOT_FOUND,
          POLICY_INVALID,
          TRUST_ROOT_INVALID,
          INTERNAL_ERROR,
          REGISTRY_MISCONFIGURED,
          REGISTRY_REFUSED ->
          false;
    };
  }

  /// The code for a fault of a source.
  public static Reason of(SourceReason reason) {
    return switch (reason) {
      case UNREACHABLE -> REGISTRY_UNREACHABLE;
      case TIMEOUT -> REGISTRY_TIMEOUT;
      case TLS_FAILED -> REGISTRY_TLS_FAILED;
      case UNAUTHORIZED -> REGISTRY_UNAUTHORIZED;
      case FORBIDDEN -> REGISTRY_FORBIDDEN;
      case RATE_LIMITED -> REGISTRY_RATE_LIMITED;
      case SERVER_ERROR -> REGISTRY_ERROR;
      case DIGEST_MISMATCH, SIZE_MISMATCH -> CONTENT_MISMATCH;
      case TOO_LARGE, TOO_MANY -> TOO_MUCH_EVIDENCE;
      case MALFORMED_RESPONSE -> MALFORMED_EVIDENCE;
      case MISCONFIGURED -> REGISTRY_MISCONFIGURED;
      case ADDRESS_REFUSED, REDIRECT_REFUSED, REALM_REFUSED -> REGISTRY_REFUSED;
    };
  }
}
