package dev.referee.verify.sigstore;

import static dev.referee.verify.sigstore.Virtual.ARTIFACT;
import static dev.referee.verify.sigstore.Virtual.NOON;
import static dev.referee.verify.sigstore.Virtual.STATEMENT;
import static dev.referee.verify.sigstore.Virtual.verify;
import static dev.referee.verify.sigstore.Virtual.verifyByKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.testing.sigstore.SeededKey;
import dev.referee.testing.sigstore.Signing;
import dev.referee.testing.sigstore.VirtualSigstore;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.CertificateClaim;
import dev.referee.verify.trust.ProofProfile;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bundles as they should be, in every form: what the tests of refusals start from. That cosign
/// takes them too is an end-to-end test.
class VirtualBundlesTest {
  private static final Instant LOGGED = NOON.plusSeconds(1);

  private final VirtualSigstore sigstore = Virtual.sigstore();

  @ParameterizedTest
  @ValueSource(strings = {Signing.V0_1, Signing.V0_2, Signing.V0_3})
  void provesAMessageInEveryVersion(String version) throws UnprovenException {
    var verified = verify(sigstore, sigstore.message(ARTIFACT).version(version));

    assertThat(verified.times()).containsExactly(LOGGED);
    assertThat(verified.claims())
        .containsEntry(CertificateClaim.SUBJECT, Signing.WORKFLOW)
        .containsEntry(CertificateClaim.ISSUER, Signing.ISSUER);
    assertThat(verified.statement()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {Signing.V0_1, Signing.V0_2, Signing.V0_3})
  void provesAStatementInEveryVersion(String version) throws UnprovenException {
    var dsse = sigstore.statement(STATEMENT).version(version);
    var inToto = sigstore.statement(STATEMENT).version(version).inTotoEntries();

    assertThat(verify(sigstore, dsse).statement()).isNotNull();
    assertThat(verify(sigstore, inToto).statement()).isNotNull();
  }

  /// Rekor v2 knows no time, the timestamp does; witnesses below its checkpoint count for nothing.
  @Test
  void provesByTheSecondRekorAndATimestamp() throws UnprovenException {
    var witness = sigstore.newKey(SeededKey.Kind.ED25519);
    var message = sigstore.message(ARTIFACT).entry(sigstore.rekor2(), _ -> {}).timestamp(_ -> {});
    var statement =
        sigstore
            .statement(STATEMENT)
            .entry(sigstore.rekor2(), e -> e.checkpoint(c -> c.witness("witness.test", witness)))
            .timestamp(_ -> {});

    assertThat(verify(sigstore, message).times()).containsExactly(LOGGED);
    assertThat(verify(sigstore, statement).statement()).isNotNull();
  }

  @Test
  void provesByTwoLogsAndATimestampWhereAllAreAskedFor() throws UnprovenException {
    var signing =
        sigstore
            .message(ARTIFACT)
            .entry(sigstore.rekor1(), _ -> {})
            .entry(sigstore.rekor2(), _ -> {})
            .timestamp(t -> t.at(NOON.plusSeconds(2)));

    assertThat(verify(sigstore.trustRoot(), signing, new ProofProfile(2, 1, 1)).times())
        .containsExactly(LOGGED, NOON.plusSeconds(2));
  }

  /// As GitHub's instance for private repositories works.
  @Test
  void provesByTheTimestampAloneWhereThatIsEnough() throws UnprovenException {
    var signing =
        sigstore
            .message(ARTIFACT)
            .withoutEntries()
            .withoutCertificateTimestamp()
            .timestamp(t -> t.withoutCertificates());

    assertThat(verify(sigstore.trustRoot(), signing, new ProofProfile(0, 0, 1)).times()).hasSize(1);
  }

  @Test
  void provesWhatAKeySigned() throws UnprovenException {
    var key = sigstore.newKey(SeededKey.Kind.P256);
    var message = sigstore.message(ARTIFACT).key(key).withKeyAlone();
    var statement =
        sigstore
            .statement(STATEMENT)
            .key(key)
            .withKeyAlone()
            .entry(sigstore.rekor2(), _ -> {})
            .timestamp(_ -> {});

    assertThat(verifyByKey(sigstore.trustRoot(), message, key.publicKeyPem()).times())
        .containsExactly(LOGGED);
    assertThat(verifyByKey(sigstore.trustRoot(), statement, key.publicKeyPem()).statement())
        .isNotNull();
  }

  @ParameterizedTest
  @EnumSource(
      value = SeededKey.Kind.class,
      names = {"P256", "P384", "ED25519", "RSA_2048"})
  void provesByEveryKindOfCertifiedKey(SeededKey.Kind kind) throws UnprovenException {
    assertThat(verify(sigstore, sigstore.message(ARTIFACT).keyKind(kind)).times()).hasSize(1);
  }

  /// Its own tree in any size: every shape of a way to the root.
  @Test
  void provesInLogsOfEverySize() throws UnprovenException {
    for (int others = 0; others < 20; others++) {
      var other = VirtualSigstore.create(others, Virtual.CLOCK, others);

      assertThat(verify(other, other.message(ARTIFACT)).times()).hasSize(1);
      assertThat(verify(other, other.message(ARTIFACT)).times()).hasSize(1);
    }
  }

  /// As logs with static tiles promise, and beside the promise of a log that nobody knows.
  @Test
  void takesExtensionsAndUnknownLogsOfCertificates() throws UnprovenException {
    var unknown = sigstore.newKey(SeededKey.Kind.P256);
    var signing =
        sigstore
            .message(ARTIFACT)
            .certificateTimestamp(t -> t.log(unknown))
            .certificateTimestamp(t -> t.extensions(new byte[] {0, 0, 5, 0, 0, 0, 0, 7}));

    assertThat(verify(sigstore, signing).times()).hasSize(1);
  }
}
