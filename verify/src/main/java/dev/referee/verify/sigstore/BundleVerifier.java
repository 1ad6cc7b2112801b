package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INSTEAD_OF_KEY;
import static dev.referee.verify.decision.Reason.IDENTITY_MISMATCH;
import static dev.referee.verify.decision.Reason.INTERNAL_ERROR;
import static dev.referee.verify.decision.Reason.KEY_INSTEAD_OF_CERTIFICATE;
import static dev.referee.verify.decision.Reason.LOG_ENTRY_MISSING;
import static dev.referee.verify.decision.Reason.SIGNATURE_INVALID;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.TIMESTAMP_MISSING;
import static dev.referee.verify.decision.Reason.TIMESTAMP_UNTRUSTED;
import static dev.referee.verify.decision.Reason.TIME_UNPROVEN;
import static dev.referee.verify.decision.Reason.UNTRUSTED_KEY;
import static java.util.Objects.requireNonNull;

import dev.referee.verify.decision.Reason;
import dev.referee.verify.signature.Statement;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sigstore.LogVerifier.ProvenEntry;
import dev.referee.verify.sigstore.Signed.SignedContent;
import dev.referee.verify.sigstore.TimestampVerifier.ProvenTimestamp;
import dev.referee.verify.trust.CertificateClaim;
import dev.referee.verify.trust.CertificateIdentity;
import dev.referee.verify.trust.ProofProfile;
import dev.referee.verify.trust.TrustRoot;
import dev.referee.verify.trust.TrustedKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Proves who signed what, and when, by a Sigstore bundle and a trust root, offline.
public final class BundleVerifier {
  private final TrustRoot root;
  private final ProofProfile profile;
  private final LogVerifier logs;
  private final TimestampVerifier timestamps;
  private final SctVerifier certificateLogs;

  /// @param root whom to believe
  /// @param profile what has to be proven beside the signature
  public BundleVerifier(TrustRoot root, ProofProfile profile) {
    this.root = requireNonNull(root, "root is null");
    this.profile = requireNonNull(profile, "profile is null");
    this.logs = new LogVerifier(root);
    this.timestamps = new TimestampVerifier(root);
    this.certificateLogs = new SctVerifier(root);
  }

  /// Proves that a holder of one of these identities signed exactly this artifact, or a statement
  /// about it.
  ///
  /// @param identities one of them has to hold; at least one
  /// @throws UnprovenException with the first reason that holds; nothing else escapes for any input
  public VerifiedBundle verify(
      Bundle bundle, Artifact artifact, List<CertificateIdentity> identities)
      throws UnprovenException {
    return verify(Presented.of(bundle, artifact), identities);
  }

  /// The same for a bundle in whatever form it is presented.
  ///
  /// @throws UnprovenException with the first reason that holds; nothing else escapes for any input
  public VerifiedBundle verify(Presented presented, List<CertificateIdentity> identities)
      throws UnprovenException {
    try {
      var bundle = presented.bundle();
      var certificate = SigningCertificate.of(certificate(bundle));
      var times = provenTimes(presented, signed(presented, certificate));
      if (times.isEmpty()) {
        throw missingTime(
            bundle,
            List.of(),
            TIME_UNPROVEN,
            "nobody who is trusted says when the certificate was used");
      }
      var path = certificate.pathAt(root, times);
      certificateLogs.verify(path, profile.signedCertificateTimestamps());
      var claims = FulcioCertificate.claims(certificate.leaf());
      checkIdentity(claims, identities);
      return new VerifiedBundle(claims, times, statement(bundle, presented.artifact()));
    } catch (RuntimeException e) {
      throw bug(e);
    }
  }

  /// Proves the same by a certificate of an authority of one's own, which no log has to know. Where
  /// no time is proven, and none has to be, the certificate has to be valid now.
  ///
  /// @param identities one of them has to hold; at least one
  /// @throws UnprovenException with the first reason that holds; nothing else escapes for any input
  public VerifiedBundle verifyIssued(
      Presented presented, List<CertificateIdentity> identities, Instant now)
      throws UnprovenException {
    try {
      var bundle = presented.bundle();
      var certificate = SigningCertificate.of(certificate(bundle));
      var times = provenTimes(presented, signed(presented, certificate));
      var path = certificate.pathAt(root, times.isEmpty() ? List.of(now) : times);
      var claims = IssuedCertificate.claims(certificate.leaf());
      checkIdentity(claims, identities);
      return new VerifiedBundle(
          claims,
          times,
          statement(bundle, presented.artifact()),
          times.isEmpty() ? path.end() : Instant.MAX);
    } catch (RuntimeException e) {
      throw bug(e);
    }
  }

  private static Signed signed(Presented presented, SigningCertificate certificate)
      throws UnprovenException {
    var bundle = presented.bundle();
    return new Signed(
        bundle.content().signature(),
        encoded(certificate.leaf()),
        certificate.key().encoded(),
        checkSigned(bundle, presented.artifact(), certificate.key(), true));
  }

  /// Proves that the holder of a key signed exactly this artifact, or a statement about it.
  ///
  /// @throws UnprovenException with the first reason that holds; nothing else escapes for any input
  public VerifiedBundle verify(Bundle bundle, Artifact artifact, TrustedKey key)
      throws UnprovenException {
    return verify(Presented.of(bundle, artifact), key);
  }

  /// The same for a bundle in whatever form it is presented.
  ///
  /// @throws UnprovenException with the first reason that holds; nothing else escapes for any input
  public VerifiedBundle verify(Presented presented, TrustedKey key) throws UnprovenException {
    try {
      var bundle = presented.bundle();
      var content = checkSignedByKey(bundle, presented.artifact(), key);
      var signed = new Signed(bundle.content().signature(), null, key.encoded(), content);
      var times = provenTimes(presented, signed);
      return new VerifiedBundle(Map.of(), times, statement(bundle, presented.artifact()));
    } catch (RuntimeException e) {
      throw bug(e);
    }
  }

  /// The same by the key alone: log entries and timestamps, which only a trust root could prove,
  /// are not looked at.
  ///
  /// @throws UnprovenException with the first reason that holds; nothing else escapes for any input
  public static VerifiedBundle verifyByKeyAlone(Bundle bundle, Artifact artifact, TrustedKey key)
      throws UnprovenException {
    try {
      checkSignedByKey(bundle, artifact, key);
      return new VerifiedBundle(Map.of(), List.of(), statement(bundle, artifact));
    } catch (RuntimeException e) {
      throw bug(e);
    }
  }

  private static SignedContent checkSignedByKey(Bundle bundle, Artifact artifact, TrustedKey key)
      throws UnprovenException {
    if (!(bundle.material() instanceof Bundle.Material.Key(String hint))) {
      throw new UnprovenException(
          CERTIFICATE_INSTEAD_OF_KEY, "it was signed with a certificate, not with a key");
    }
    // The hint only chooses the words.
    return checkSigned(bundle, artifact, key, hint.equals(key.hint()));
  }

  private static Bundle.Material.Certificate certificate(Bundle bundle) throws UnprovenException {
    return switch (bundle.material()) {
      case Bundle.Material.Certificate certificate -> certificate;
      case Bundle.Material.Key key ->
          throw new UnprovenException(
              KEY_INSTEAD_OF_CERTIFICATE, "it was signed with a key, not with a certificate");
    };
  }

  private static SignedContent checkSigned(
      Bundle bundle, Artifact artifact, TrustedKey key, boolean named) throws UnprovenException {
    return switch (bundle.content()) {
      case Bundle.Content.Message message -> {
        checkHint(message, artifact);
        checkSigned(artifact.isSignedBy(key, message.signature()), named);
        yield new SignedContent.Message(artifact);
      }
      case Bundle.Content.Envelope(var envelope) -> {
        var encoding = envelope.preAuthenticationEncoding();
        checkSigned(key.verifies(encoding, envelope.signature()), named);
        yield new SignedContent.Envelope(envelope.payload(), envelope.payloadType(), encoding);
      }
    };
  }

  /// Nobody vouches for the bundle's own digest; one that is wrong is a bundle for another artifact
  /// all the same.
  private static void checkHint(Bundle.Content.Message message, Artifact artifact)
      throws UnprovenException {
    var hint = message.digest();
    if (hint != null
        && artifact
            .hash(hint.algorithm())
            .filter(hash -> !Arrays.equals(hash, hint.digest()))
            .isPresent()) {
      throw new UnprovenException(
          SUBJECT_MISMATCH, "the bundle is about another artifact than " + artifact.digest());
    }
  }

  private static void checkSigned(boolean signed, boolean named) throws UnprovenException {
    if (!signed) {
      throw named
          ? new UnprovenException(
              SIGNATURE_INVALID, "the signature is not by the key that the bundle names")
          : new UnprovenException(UNTRUSTED_KEY, "it was not signed with this key");
    }
  }

  /// Every time at which the signature is proven to have existed; each of them counts, and each has
  /// to suit everybody involved.
  private List<Instant> provenTimes(Presented presented, Signed signed) throws UnprovenException {
    var bundle = presented.bundle();
    var entries = logs.verify(bundle, signed);
    var stamps = timestamps.verify(bundle.timestamps(), presented.stamped());
    checkEnough(bundle, entries, stamps);
    var times = new ArrayList<Instant>();
    entries.forEach(entry -> entry.time().ifPresent(times::add));
    stamps.forEach(stamp -> times.add(stamp.time()));
    for (var entry : entries) {
      for (var time : times) {
        entry.checkTrustedAt(time);
      }
    }
    return times;
  }

  private void checkEnough(Bundle bundle, List<ProvenEntry> entries, List<ProvenTimestamp> stamps)
      throws UnprovenException {
    long inLogs = entries.stream().map(entry -> entry.log().party()).distinct().count();
    if (inLogs < profile.transparencyLog()) {
      throw new UnprovenException(
          LOG_ENTRY_MISSING,
          "it is in %d of %d transparency logs".formatted(inLogs, profile.transparencyLog()));
    }
    long authorities = stamps.stream().map(s -> s.authority().party()).distinct().count();
    if (authorities < profile.timestamps()) {
      throw missingTime(
          bundle,
          stamps,
          TIMESTAMP_MISSING,
          "it has timestamps by %d of %d authorities".formatted(authorities, profile.timestamps()));
    }
  }

  /// Only timestamps of known authorities were proven: where there are others, they are why.
  private static UnprovenException missingTime(
      Bundle bundle, List<ProvenTimestamp> stamps, Reason reason, String message) {
    return stamps.size() == bundle.timestamps().size()
        ? new UnprovenException(reason, message)
        : new UnprovenException(
            TIMESTAMP_UNTRUSTED,
            message + ": its timestamps are of authorities that the trust root does not name");
  }

  private static void checkIdentity(
      Map<CertificateClaim, String> claims, List<CertificateIdentity> identities)
      throws UnprovenException {
    String first = null;
    for (var identity : identities) {
      var mismatch = identity.mismatch(claims);
      if (mismatch.isEmpty()) {
        return;
      }
      first = first == null ? mismatch.get() : first;
    }
    throw new UnprovenException(
        IDENTITY_MISMATCH,
        "it was signed by somebody else: %s".formatted(first == null ? "nobody is named" : first));
  }

  /// Parsed only after the bytes are proven.
  private static @Nullable Statement statement(Bundle bundle, Artifact artifact)
      throws UnprovenException {
    return switch (bundle.content()) {
      case Bundle.Content.Message message -> null;
      case Bundle.Content.Envelope(var envelope) -> {
        var statement = Statement.parse(envelope);
        statement.checkSubject(artifact.digest());
        yield statement;
      }
    };
  }

  private static byte[] encoded(X509Certificate certificate) throws UnprovenException {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw bug(new IllegalStateException("a certificate that was read has an encoding", e));
    }
  }

  /// Whatever an attacker can make us stumble over must not read as "verified" (CVE-2026-44310).
  private static UnprovenException bug(RuntimeException e) {
    return new UnprovenException(INTERNAL_ERROR, "checking it failed: " + e);
  }
}
