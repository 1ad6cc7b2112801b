package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.SIGNATURE_EXPIRED;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Descriptor;
import dev.referee.oci.MediaType;
import dev.referee.verify.revocation.RevocationCheck;
import dev.referee.verify.revocation.RevocationSource;
import dev.referee.verify.signature.UnprovenException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Proves signatures of the Notary Project (trust-store-trust-policy.md, "Signature Verification").
public final class NotationVerifier {
  /// Those of the wild have 2 to 20 KiB.
  private static final int MAX_BYTES = 1 << 20;

  private final Descriptor artifact;
  private final NotationTrust trust;
  private final Instant now;
  private final RevocationSource revocation;
  private final Map<Validation, String> failures = new EnumMap<>(Validation.class);
  private Instant until = Instant.MAX;

  /// When somebody who is trusted says that it had been signed; null, nobody does.
  private @Nullable Instant signedBefore;

  private NotationVerifier(
      Descriptor artifact, NotationTrust trust, Instant now, RevocationSource revocation) {
    this.artifact = requireNonNull(artifact, "artifact is null");
    this.trust = requireNonNull(trust, "trust is null");
    this.now = requireNonNull(now, "now is null");
    this.revocation = requireNonNull(revocation, "revocation is null");
  }

  /// Proves that an envelope is a signature of exactly this artifact by somebody who is trusted.
  ///
  /// @param envelope the content of the one layer of a signature
  /// @param mediaType the layer's type: JWS or COSE
  /// @param artifact what has to be signed: type, digest and size
  /// @param revocation where it is looked up whether certificates were taken back
  /// @throws UnprovenException with the first reason that holds; nothing else escapes for any input
  public static NotationSignature verify(
      byte[] envelope,
      MediaType mediaType,
      Descriptor artifact,
      NotationTrust trust,
      InstantSource clock,
      RevocationSource revocation)
      throws UnprovenException {
    return new NotationVerifier(artifact, trust, clock.instant(), revocation)
        .verify(Envelope.read(envelope, mediaType, MAX_BYTES));
  }

  private NotationSignature verify(Envelope envelope) throws UnprovenException {
    // Integrity, which no level does without.
    envelope.checkSignature();
    var chain = SigningChain.of(envelope.certificates(), trust.stores().issuers());
    // Parsed only after the bytes are proven.
    var target = TargetArtifact.parse(envelope.payload());
    target.checkIs(artifact);

    validate(Validation.AUTHENTICITY, () -> checkAuthenticity(envelope, chain));
    validate(Validation.EXPIRY, () -> checkExpiry(envelope.headers()));
    validate(Validation.AUTHENTIC_TIMESTAMP, () -> checkTime(envelope, chain));
    // Last, and only for those who are trusted: it asks strangers' servers.
    validate(Validation.REVOCATION, () -> checkRevocation(chain));
    return new NotationSignature(chain.signer(), target.descriptor(), until, failures);
  }

  private interface Step {
    /// Checks, and says until when that holds.
    Instant check() throws UnprovenException;
  }

  private void validate(Validation validation, Step step) throws UnprovenException {
    switch (trust.action(validation)) {
      case ENFORCE -> {
        var holds = step.check();
        until = holds.isBefore(until) ? holds : until;
      }
      case LOG -> {
        try {
          step.check();
        } catch (UnprovenException e) {
          failures.put(validation, e.sentence());
        }
      }
      case SKIP -> {
        // Nobody looks.
      }
    }
  }

  private Instant checkAuthenticity(Envelope envelope, SigningChain chain)
      throws UnprovenException {
    chain.checkTrusted(trust.stores(), envelope.headers().scheme());
    trust.identities().check(chain.signer());
    return Instant.MAX;
  }

  private Instant checkExpiry(Headers headers) throws UnprovenException {
    var expiry = headers.expiry();
    if (expiry == null) {
      return Instant.MAX;
    }
    if (!now.isBefore(expiry)) {
      throw new UnprovenException(
          SIGNATURE_EXPIRED, "by its signer's word it was good until %s".formatted(expiry));
    }
    return expiry;
  }

  private Instant checkTime(Envelope envelope, SigningChain chain) throws UnprovenException {
    return switch (envelope.headers().scheme()) {
      case SIGNING_AUTHORITY -> {
        var time = envelope.headers().signingTime();
        chain.checkValid(time, time);
        signedBefore = time;
        yield Instant.MAX;
      }
      case X509 -> {
        if (!needsTimestamp(chain)) {
          chain.checkValidNow(now);
          yield chain.end();
        }
        yield checkTimestamp(envelope, chain);
      }
    };
  }

  private boolean needsTimestamp(SigningChain chain) {
    if (trust.stores().timestampAuthorities().isEmpty()) {
      return false;
    }
    return switch (trust.timestamps()) {
      case ALWAYS -> true;
      case AFTER_CERTIFICATE_EXPIRY -> now.isAfter(chain.end());
    };
  }

  private Instant checkTimestamp(Envelope envelope, SigningChain chain) throws UnprovenException {
    var timestamp =
        Countersignature.verify(
            envelope.timestamp(), envelope.signature(), trust.stores().timestampAuthorities());
    chain.checkValid(timestamp.earliest(), timestamp.latest());
    // CVE-2024-56138: whoever took the authority's key can have signed at any time.
    var holds =
        trust.action(Validation.REVOCATION) == ValidationAction.SKIP
            ? Instant.MAX
            : notRevoked(timestamp.chain(), null);
    signedBefore = timestamp.latest();
    return holds;
  }

  private Instant checkRevocation(SigningChain chain) throws UnprovenException {
    return notRevoked(chain.certificates(), signedBefore);
  }

  private Instant notRevoked(List<X509Certificate> certificates, @Nullable Instant signedAt)
      throws UnprovenException {
    // Whoever can push a signature must not choose whom we call.
    var source = failures.containsKey(Validation.AUTHENTICITY) ? RevocationSource.NONE : revocation;
    return new RevocationCheck(source, now).check(certificates, signedAt);
  }
}
