package dev.referee.testing.sigstore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/// That the same seed and the same clock make the same bytes: what a test found once, it finds
/// again. Whether the bytes verify is for the tests of verify and for cosign to say.
class VirtualSigstoreTest {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-27T12:00:00Z"), ZoneOffset.UTC);
  private static final byte[] ARTIFACT = "app".getBytes(US_ASCII);

  @Test
  void signsTheSameBytesForTheSameSeedAndClock() {
    assertThat(signed(1, NOON)).isEqualTo(signed(1, NOON));
    assertThat(root(1, NOON)).isEqualTo(root(1, NOON));
  }

  @Test
  void signsOtherBytesForAnotherSeedOrClock() {
    assertThat(signed(2, NOON)).isNotEqualTo(signed(1, NOON));
    assertThat(root(2, NOON)).isNotEqualTo(root(1, NOON));
    assertThat(signed(1, Clock.offset(NOON, Duration.ofHours(1)))).isNotEqualTo(signed(1, NOON));
  }

  @Test
  void growsItsLogsWithEverySignature() {
    var sigstore = VirtualSigstore.create(1, NOON, 5);

    var first = sigstore.message(ARTIFACT).signed();
    var second = sigstore.message(ARTIFACT).signed();

    var size = "/verificationMaterial/tlogEntries/0/inclusionProof/treeSize";
    assertThat(first.at(size).asText()).isEqualTo("6");
    assertThat(second.at(size).asText()).isEqualTo("7");
  }

  /// Everything it can make, one after the other.
  private static String signed(long seed, Clock clock) {
    var sigstore = VirtualSigstore.create(seed, clock);
    return sigstore.message(ARTIFACT).timestamp(_ -> {}).signed().toString()
        + sigstore
            .statement(ARTIFACT)
            .entry(sigstore.rekor2(), _ -> {})
            .keyKind(SeededKey.Kind.RSA_2048)
            .timestamp(_ -> {})
            .signed();
  }

  private static String root(long seed, Clock clock) {
    return new String(VirtualSigstore.create(seed, clock).trustRoot(), US_ASCII);
  }
}
