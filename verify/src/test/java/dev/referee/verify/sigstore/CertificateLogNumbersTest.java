package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;
import static dev.referee.verify.decision.Reason.SCT_INVALID;
import static dev.referee.verify.decision.Reason.SCT_MISSING;
import static dev.referee.verify.decision.Reason.SCT_UNTRUSTED;
import static dev.referee.verify.sigstore.Virtual.ARTIFACT;
import static dev.referee.verify.sigstore.Virtual.NOON;
import static dev.referee.verify.sigstore.Virtual.STRICT;
import static dev.referee.verify.sigstore.Virtual.refuses;
import static dev.referee.verify.sigstore.Virtual.since;
import static dev.referee.verify.sigstore.Virtual.until;
import static dev.referee.verify.sigstore.Virtual.verify;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.testing.sigstore.CertificateTimestampDraft;
import dev.referee.testing.sigstore.CertificateTimestamps;
import dev.referee.testing.sigstore.SeededKey;
import dev.referee.testing.sigstore.Signing;
import dev.referee.testing.sigstore.VirtualSigstore;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.ProofProfile;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.junit.jupiter.api.Test;

/// N60: what logs of certificates promise, wrong in one place.
class CertificateLogNumbersTest {
  private static final String LOG = "/ctlogs/0/publicKey";

  private final VirtualSigstore sigstore = Virtual.sigstore();

  private Signing promised(Consumer<CertificateTimestampDraft> change) {
    return sigstore.message(ARTIFACT).certificateTimestamp(change);
  }

  @Test
  void n60RefusesACertificateThatIsInNoLog() {
    refuses(
        SCT_MISSING,
        "does not prove",
        sigstore,
        sigstore.message(ARTIFACT).withoutCertificateTimestamp());
    refuses(
        SCT_MISSING,
        "1 of 2 logs",
        () ->
            verify(
                sigstore.trustRoot(),
                promised(_ -> {}).certificateTimestamp(_ -> {}),
                new ProofProfile(1, 2, 0)));
  }

  @Test
  void n60RefusesThePromiseOfAnotherLog() {
    refuses(
        SCT_UNTRUSTED,
        "no log that the trust root names",
        sigstore,
        promised(t -> t.log(sigstore.newKey(SeededKey.Kind.P256))));
  }

  @Test
  void n60RefusesAPromiseThatIsNotTheLogsOrNotForThisCertificate() {
    var invalid =
        List.<Consumer<CertificateTimestampDraft>>of(
            t -> t.signedBy(sigstore.newKey(SeededKey.Kind.P256)),
            t -> t.certificate(new byte[] {0x30, 0}),
            t -> t.issuerKey(sigstore.authority().rootKey().encoded()));

    for (var change : invalid) {
      refuses(SCT_INVALID, "did not sign for this certificate", sigstore, promised(change));
      // A good one beside it does not make it good.
      refuses(
          SCT_INVALID,
          "did not sign for this certificate",
          sigstore,
          promised(_ -> {}).certificateTimestamp(change));
    }
  }

  @Test
  void n60RefusesAPromiseOutsideTheLogsWindow() throws UnprovenException {
    for (var window : List.of(until(LOG, NOON.minusSeconds(1)), since(LOG, NOON.plusSeconds(1)))) {
      refuses(
          SCT_INVALID,
          "it is trusted",
          () -> verify(sigstore.trustRoot(window), promised(_ -> {}), STRICT));
    }
    for (var window : List.of(until(LOG, NOON), since(LOG, NOON))) {
      assertThat(verify(sigstore.trustRoot(window), promised(_ -> {}), STRICT).times()).hasSize(1);
    }
  }

  /// What was only ever meant to be logged.
  @Test
  void n60RefusesAPrecertificate() {
    refuses(
        CERTIFICATE_INVALID,
        "chain to",
        sigstore,
        sigstore.message(ARTIFACT).certificate(CertificateTimestamps::poison));
  }

  @Test
  void n60RefusesAListThatCannotBeRead() {
    var list = new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2");
    refuses(
        SCT_INVALID,
        "malformed",
        sigstore,
        sigstore
            .message(ARTIFACT)
            .withoutCertificateTimestamp()
            .certificate(c -> c.extension(list, false, new DEROctetString(new byte[] {0, 9, 1}))));
  }
}
