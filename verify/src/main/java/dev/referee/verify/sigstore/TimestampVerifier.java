package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.TIMESTAMP_INVALID;
import static dev.referee.verify.decision.Reason.TIMESTAMP_MISMATCH;
import static dev.referee.verify.decision.Reason.TIMESTAMP_OUTSIDE_VALIDITY;
import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.HashAlgorithm;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.Issuers;
import dev.referee.verify.trust.TrustRoot;
import dev.referee.verify.trust.TrustedAuthority;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.tsp.TimeStampResp;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.GenTimeAccuracy;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.jspecify.annotations.Nullable;

/// Proves when a signature existed, by timestamp authorities of a trust root (RFC 3161).
public final class TimestampVerifier {
  /// Sigstore's have 1 to 6 KiB.
  private static final int MAX_BYTES = 64 * 1024;

  private final TrustRoot root;

  TimestampVerifier(TrustRoot root) {
    this.root = requireNonNull(root, "root is null");
  }

  /// A time that an authority vouches for.
  ///
  /// @param authority whose word it is
  /// @param time the time
  /// @param accuracy how far from it the authority's clock may have been
  /// @param chain the authority's certificates, from the one that signed up to the anchor
  public record ProvenTimestamp(
      TrustedAuthority authority, Instant time, Duration accuracy, List<X509Certificate> chain) {
    public ProvenTimestamp {
      requireNonNull(authority, "authority is null");
      requireNonNull(time, "time is null");
      requireNonNull(accuracy, "accuracy is null");
      chain = List.copyOf(chain);
    }

    /// The earliest moment that the time stands for.
    public Instant earliest() {
      return time.minus(accuracy);
    }

    /// The latest.
    public Instant latest() {
      return time.plus(accuracy);
    }
  }

  /// Proves a token that stands without the response it came in; empty, it is of none of these
  /// authorities.
  ///
  /// @param token a TimeStampToken, a CMS ContentInfo in DER
  /// @throws UnprovenException with `TIMESTAMP_INVALID`, `TIMESTAMP_MISMATCH` or
  ///   `TIMESTAMP_OUTSIDE_VALIDITY`; nothing else escapes for any input
  public static Optional<ProvenTimestamp> verifyToken(
      byte[] token, byte[] signature, List<TrustedAuthority> authorities) throws UnprovenException {
    return verify(bareToken(token), List.of(signature), authorities, new Issuers(authorities));
  }

  /// Proves the timestamps. Those of unknown authorities are passed over; one of a known authority
  /// that proves nothing spoils the bundle, and so does one of another signature, whoever made it,
  /// or one that is of two minds about who that was.
  ///
  /// @param stamped what each may be of
  List<ProvenTimestamp> verify(List<byte[]> timestamps, List<byte[]> stamped)
      throws UnprovenException {
    var proven = new ArrayList<ProvenTimestamp>();
    for (var timestamp : timestamps) {
      verify(timestamp, stamped).ifPresent(proven::add);
    }
    return proven;
  }

  private Optional<ProvenTimestamp> verify(byte[] timestamp, List<byte[]> stamped)
      throws UnprovenException {
    return verify(token(timestamp), stamped, root.timestampAuthorities(), root.timestampIssuers());
  }

  private static Optional<ProvenTimestamp> verify(
      TimeStampToken token,
      List<byte[]> stamped,
      List<TrustedAuthority> authorities,
      Issuers issuers)
      throws UnprovenException {
    try {
      return verifyParsed(token, stamped, authorities, issuers);
    } catch (RuntimeException e) {
      // Bouncy Castle parses some parts of a token only when they are asked for.
      throw invalid("is malformed: " + e.getMessage());
    }
  }

  private static Optional<ProvenTimestamp> verifyParsed(
      TimeStampToken token,
      List<byte[]> stamped,
      List<TrustedAuthority> authorities,
      Issuers issuers)
      throws UnprovenException {
    checkImprint(token, stamped);
    var certificates = TokenCertificates.of(token);
    UnprovenException refusal = null;
    for (var authority : authorities) {
      try {
        var proven = verify(token, certificates, authority, issuers);
        if (proven.isPresent()) {
          return proven;
        }
      } catch (UnprovenException e) {
        // The same authority may be trusted for another time as well.
        refusal = e;
      }
    }
    if (refusal != null) {
      throw refusal;
    }
    certificates.checkStranger(authorities);
    return Optional.empty();
  }

  private static TimeStampToken bareToken(byte[] token) throws UnprovenException {
    checkLength(token);
    try {
      // Nothing may follow it.
      var content = ContentInfo.getInstance(ASN1Primitive.fromByteArray(token));
      if (!content.getContentType().equals(CMSObjectIdentifiers.signedData)) {
        throw invalid("is of a kind that is not read");
      }
      return new TimeStampToken(content);
    } catch (IOException | TSPException | RuntimeException e) {
      throw invalid("is malformed: " + e.getMessage());
    }
  }

  private static void checkLength(byte[] timestamp) throws UnprovenException {
    if (timestamp.length > MAX_BYTES) {
      throw invalid("has %d bytes, %d are read".formatted(timestamp.length, MAX_BYTES));
    }
  }

  private static TimeStampToken token(byte[] timestamp) throws UnprovenException {
    checkLength(timestamp);
    try {
      // Nothing may follow it.
      var response =
          new TimeStampResponse(TimeStampResp.getInstance(ASN1Primitive.fromByteArray(timestamp)));
      int status = response.getStatus();
      if (status != PKIStatus.GRANTED && status != PKIStatus.GRANTED_WITH_MODS) {
        throw invalid("was not granted");
      }
      var token = response.getTimeStampToken();
      if (token == null) {
        throw invalid("has no token");
      }
      return token;
    } catch (IOException | TSPException | RuntimeException e) {
      throw invalid("is malformed: " + e.getMessage());
    }
  }

  private static void checkImprint(TimeStampToken token, List<byte[]> stamped)
      throws UnprovenException {
    var info = token.getTimeStampInfo();
    var hash = hash(info.getMessageImprintAlgOID());
    var imprint = info.getMessageImprintDigest();
    if (stamped.stream().noneMatch(bytes -> Arrays.equals(Hashes.of(hash, bytes), imprint))) {
      throw new UnprovenException(
          TIMESTAMP_MISMATCH, "the timestamp is of another signature than this one");
    }
  }

  private static HashAlgorithm hash(ASN1ObjectIdentifier algorithm) throws UnprovenException {
    if (algorithm.equals(NISTObjectIdentifiers.id_sha256)) {
      return HashAlgorithm.SHA256;
    }
    if (algorithm.equals(NISTObjectIdentifiers.id_sha384)) {
      return HashAlgorithm.SHA384;
    }
    if (algorithm.equals(NISTObjectIdentifiers.id_sha512)) {
      return HashAlgorithm.SHA512;
    }
    throw invalid("hashes with " + algorithm.getId());
  }

  /// Proves the token by one authority; empty, it is not of that authority.
  private static Optional<ProvenTimestamp> verify(
      TimeStampToken token,
      TokenCertificates certificates,
      TrustedAuthority authority,
      Issuers issuers)
      throws UnprovenException {
    var candidates = new ArrayList<>(authority.chain());
    candidates.addAll(certificates.embedded());
    for (var signer : candidates) {
      // One certificate is looked at from here to the end: what a token carries beside it cannot
      // stand in for it (GHSA-xm5m-wgh2-rrg3).
      if (!certificates.isNamed(signer)) {
        continue;
      }
      var path = CertificatePath.find(issuers, signer, certificates.embedded(), authority);
      if (path.isPresent()) {
        return Optional.of(verify(token, signer, path.get(), issuers));
      }
    }
    return Optional.empty();
  }

  private static ProvenTimestamp verify(
      TimeStampToken token, X509Certificate signer, CertificatePath path, Issuers issuers)
      throws UnprovenException {
    var time = token.getTimeStampInfo().getGenTime().toInstant();
    if (!path.isWithinValidity(time)) {
      throw new UnprovenException(
          TIMESTAMP_OUTSIDE_VALIDITY,
          "the timestamp is from %s, when %s was not valid or not trusted"
              .formatted(time, path.authority().name()));
    }
    if (signer.getBasicConstraints() >= 0) {
      throw invalid("is signed with the certificate of an authority for certificates");
    }
    try {
      path.validate(issuers, time);
    } catch (UnprovenException e) {
      throw invalid("is signed with a certificate that is not valid: " + e.sentence());
    }
    try {
      // The signature, the one signer, the certificate's hash among what is signed, its purpose.
      token.validate(TokenSignature.by(signer, issuers));
    } catch (TSPException
        | OperatorCreationException
        | CertificateEncodingException
        | RuntimeException e) {
      throw invalid("is not what its authority signs: " + e.getMessage());
    }
    return new ProvenTimestamp(
        path.authority(),
        time,
        accuracy(token.getTimeStampInfo().getGenTimeAccuracy()),
        path.withAnchor());
  }

  private static Duration accuracy(@Nullable GenTimeAccuracy accuracy) throws UnprovenException {
    if (accuracy == null) {
      return Duration.ZERO;
    }
    if (accuracy.getSeconds() < 0 || accuracy.getMillis() < 0 || accuracy.getMicros() < 0) {
      throw invalid("has a negative accuracy");
    }
    return Duration.ofSeconds(accuracy.getSeconds())
        .plusMillis(accuracy.getMillis())
        .plusNanos(accuracy.getMicros() * 1000L);
  }

  private static UnprovenException invalid(String what) {
    return new UnprovenException(TIMESTAMP_INVALID, "the timestamp " + what);
  }
}
