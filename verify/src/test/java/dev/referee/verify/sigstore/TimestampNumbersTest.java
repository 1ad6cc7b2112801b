package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME;
import static dev.referee.verify.decision.Reason.TIMESTAMP_INVALID;
import static dev.referee.verify.decision.Reason.TIMESTAMP_MISMATCH;
import static dev.referee.verify.decision.Reason.TIMESTAMP_MISSING;
import static dev.referee.verify.decision.Reason.TIMESTAMP_OUTSIDE_VALIDITY;
import static dev.referee.verify.decision.Reason.TIMESTAMP_UNTRUSTED;
import static dev.referee.verify.sigstore.Virtual.ARTIFACT;
import static dev.referee.verify.sigstore.Virtual.CLOCK;
import static dev.referee.verify.sigstore.Virtual.NOON;
import static dev.referee.verify.sigstore.Virtual.STRICT;
import static dev.referee.verify.sigstore.Virtual.refuses;
import static dev.referee.verify.sigstore.Virtual.since;
import static dev.referee.verify.sigstore.Virtual.until;
import static dev.referee.verify.sigstore.Virtual.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.json.StrictJson;
import dev.referee.testing.sigstore.CertificateDraft;
import dev.referee.testing.sigstore.SeededKey;
import dev.referee.testing.sigstore.Signing;
import dev.referee.testing.sigstore.TimestampDraft;
import dev.referee.testing.sigstore.VirtualSigstore;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.ProofProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;

/// Timestamps that are wrong in one place, by number.
class TimestampNumbersTest {
  private static final String AUTHORITY = "/timestampAuthorities/0";
  private static final Instant STAMPED = NOON.plusSeconds(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualSigstore sigstore = Virtual.sigstore();

  private Signing stamped(Consumer<TimestampDraft> change) {
    return stamped(sigstore, change);
  }

  private static Signing stamped(VirtualSigstore sigstore, Consumer<TimestampDraft> change) {
    return sigstore.message(ARTIFACT).entry(sigstore.rekor2(), _ -> {}).timestamp(change);
  }

  /// N52: one good timestamp, and beside it one of an unknown authority, which is passed over; one
  /// that is wrong in the name of a known authority, or of another time, spoils the bundle.
  @Test
  void n52HoldsEveryKnownTimestampToItsWord() throws UnprovenException {
    var stranger = Virtual.stranger().timestamps();

    assertThat(
            verify(sigstore, stamped(_ -> {}).timestamp(t -> t.by(stranger).at(NOON.minus(SECOND))))
                .times())
        .containsExactly(STAMPED);
    for (var other :
        List.<Consumer<TimestampDraft>>of(
            TimestampDraft::withoutCertificates, TimestampDraft::withOlderCertificateHash)) {
      assertThat(
              verify(sigstore, stamped(_ -> {}).timestamp(t -> other.accept(t.by(stranger))))
                  .times())
          .containsExactly(STAMPED);
    }
    refuses(
        TIMESTAMP_INVALID,
        "is not what its authority signs",
        sigstore,
        stamped(_ -> {}).timestamp(t -> t.signedBy(sigstore.newKey(SeededKey.Kind.P256))));
    refuses(
        CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
        "was not valid",
        sigstore,
        stamped(_ -> {}).timestamp(t -> t.at(NOON.plusSeconds(3600))));
    refuses(
        CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
        "was not valid",
        sigstore,
        sigstore.message(ARTIFACT).timestamp(t -> t.at(NOON.minusSeconds(3600))));
  }

  /// N53: a timestamp of another signature, by whomever.
  @Test
  void n53RefusesATimestampOfAnotherSignature() {
    refuses(TIMESTAMP_MISMATCH, "another signature", sigstore, stamped(t -> t.of(ARTIFACT)));
    refuses(
        TIMESTAMP_MISMATCH,
        "another signature",
        sigstore,
        stamped(_ -> {}).timestamp(t -> t.of(ARTIFACT).by(Virtual.stranger().timestamps())));
  }

  /// N54 (GHSA-xm5m-wgh2-rrg3): the right authority's certificates in the bag of somebody else's
  /// timestamp prove nothing, wherever they stand; more than the right ones do no harm.
  @Test
  void n54LooksAtTheSignersCertificateOnly() throws UnprovenException {
    var stranger = Virtual.stranger().timestamps();
    for (boolean first : List.of(true, false)) {
      refuses(
          TIMESTAMP_UNTRUSTED,
          "does not name",
          sigstore,
          stamped(t -> t.by(stranger).alsoCarrying(sigstore.timestamps(), first)));
      assertThat(verify(sigstore, stamped(t -> t.alsoCarrying(stranger, first))).times())
          .containsExactly(STAMPED);
    }
  }

  /// N55: a certificate that is not for timestamps and nothing else, and says so critically, or
  /// that is an authority's.
  @Test
  void n55RefusesACertificateThatIsNotForTimestampsAlone() {
    var refused =
        List.<Consumer<CertificateDraft>>of(
            c -> c.purposes(true, KeyPurposeId.id_kp_timeStamping, KeyPurposeId.id_kp_codeSigning),
            c -> c.purposes(true, KeyPurposeId.id_kp_codeSigning),
            c -> c.purposes(true, KeyPurposeId.anyExtendedKeyUsage),
            c -> c.purposes(false, KeyPurposeId.id_kp_timeStamping),
            c -> c.constraints(new BasicConstraints(true)));

    for (var change : refused) {
      var other = VirtualSigstore.withTimestampAuthority(1, CLOCK, change);
      refuses(TIMESTAMP_INVALID, "the timestamp", other, stamped(other, _ -> {}));
    }
  }

  /// N55: which certificate signed has to be signed too, and the authority has to have agreed.
  @Test
  void n55RefusesATimestampThatItsAuthorityDidNotFinish() {
    refuses(TIMESTAMP_INVALID, "the timestamp", sigstore, stamped(t -> t.withoutCertificateHash()));
    refuses(TIMESTAMP_INVALID, "not granted", sigstore, stamped(t -> t.refused()));
  }

  /// N56: from before or after the authority is trusted, or its certificate valid; both ends of the
  /// window count as inside.
  @Test
  void n56RefusesATimestampOutsideItsAuthority() throws UnprovenException {
    for (var window :
        List.of(until(AUTHORITY, STAMPED.minus(SECOND)), since(AUTHORITY, STAMPED.plus(SECOND)))) {
      refuses(
          TIMESTAMP_OUTSIDE_VALIDITY,
          "tsa.referee.test",
          () -> verify(sigstore.trustRoot(window), stamped(_ -> {}), STRICT));
    }
    for (var window : List.of(until(AUTHORITY, STAMPED), since(AUTHORITY, STAMPED))) {
      assertThat(verify(sigstore.trustRoot(window), stamped(_ -> {}), STRICT).times())
          .containsExactly(STAMPED);
    }
    var expired =
        VirtualSigstore.withTimestampAuthority(
            1, CLOCK, c -> c.valid(NOON.minus(Duration.ofDays(1)), NOON));
    refuses(TIMESTAMP_OUTSIDE_VALIDITY, "was not valid", expired, stamped(expired, _ -> {}));
  }

  /// N57: an authority that says it twice has said it once.
  @Test
  void n57CountsAuthoritiesNotTimestamps() {
    refuses(
        TIMESTAMP_MISSING,
        "1 of 2 authorities",
        () ->
            verify(
                sigstore.trustRoot(),
                stamped(_ -> {}).timestamp(t -> t.at(NOON.plusSeconds(2))),
                new ProofProfile(1, 1, 2)));
  }

  /// N57: whoever runs both authorities vouches once.
  @Test
  void n57CountsOperatorsNotAuthorities() throws UnprovenException {
    var other = VirtualSigstore.create(2, CLOCK);
    var twice = stamped(_ -> {}).timestamp(t -> t.by(other.timestamps()));
    var two = new ProofProfile(1, 1, 2);

    refuses(
        TIMESTAMP_MISSING,
        "1 of 2 authorities",
        () -> verify(withAuthorityOf(other, "acme", "acme"), twice, two));
    assertThat(verify(withAuthorityOf(other, "acme", "octo"), twice, two).times())
        .containsExactly(STAMPED, STAMPED);
    assertThat(verify(withAuthorityOf(other, "", ""), twice, two).times())
        .containsExactly(STAMPED, STAMPED);
  }

  private byte[] withAuthorityOf(VirtualSigstore other, String ours, String theirs) {
    var authority = "timestampAuthorities";
    var another = StrictJson.read(other.trustRoot(), 1 << 20).path(authority).path(0).deepCopy();
    return sigstore.trustRoot(
        root -> {
          var authorities = (ArrayNode) root.path(authority);
          authorities.add(another);
          ((ObjectNode) authorities.path(0)).put("operator", ours);
          ((ObjectNode) authorities.path(1)).put("operator", theirs);
        });
  }
}
