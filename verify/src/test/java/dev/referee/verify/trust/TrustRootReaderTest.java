package dev.referee.verify.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.testing.SigningKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Trust roots as the public instance, GitHub and cosign write them, and as nobody should.
class TrustRootReaderTest {
  private static final String EMPTY =
      "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\"}";
  private static final String KEY =
      SigningKey.p256().publicKeyPem().replaceAll("-----[A-Z ]+-----|\\s", "");

  /// `cosign trusted-root create` with nothing writes no lists at all.
  @Test
  void readsARootOfNobody() throws UnusableTrustRootException {
    var root = only(EMPTY);

    assertThat(root.logs()).isEmpty();
    assertThat(root.authorities()).isEmpty();
  }

  /// What `gh attestation trusted-root` prints: one root a line, kept apart.
  @Test
  void readsOneRootALine() throws UnusableTrustRootException {
    var roots =
        TrustRootReader.read((EMPTY + "\n\n" + log("a.example", KEY) + "\n").getBytes(UTF_8));

    assertThat(roots).hasSize(2);
    assertThat(roots.get(0).logs()).isEmpty();
    assertThat(roots.get(1).logs()).hasSize(1);
    assertThat(roots.get(0)).isNotEqualTo(roots.get(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"log.example:8000", "http://log.example:8000", "https://log.example:8000/"})
  void namesALogByItsHostAndPort(String baseUrl) throws UnusableTrustRootException {
    assertThat(only(log(baseUrl, KEY)).logs().getFirst().name()).isEqualTo("log.example:8000");
  }

  /// N61: since when a log is trusted has to be said. The other logs stay what they are.
  @Test
  void n61BelievesNoLogWithoutStart() throws UnusableTrustRootException {
    var root = only(log("a.example", KEY).replace("\"start\"", "\"begin\""));

    assertThat(root.logs().getFirst().trust()).isInstanceOf(TrustedLog.Trust.Unusable.class);
  }

  /// A key of a kind that is not known spoils its log and no other.
  @Test
  void keepsALogWithAnUnknownKeyApart() throws UnusableTrustRootException {
    var root = only(log("a.example", KEY).replace("PKIX_ECDSA_P256_SHA_256", "ML_DSA_65"));

    assertThat(root.logs().getFirst().trust())
        .isEqualTo(new TrustedLog.Trust.Unusable("a key of kind ML_DSA_65 is not used"));
  }

  /// Roots are part of what proofs are remembered by: nothing that matters may be left out.
  @Test
  void isAnotherLogWhereAnythingIsAnother() {
    var id = new byte[] {1, 2, 3, 4};
    var hint = new byte[] {1, 2, 3, 4};
    var trust = new TrustedLog.Trust.Unusable("no");
    var log = new TrustedLog(id, hint, "a", "", trust);

    assertThat(log).isEqualTo(new TrustedLog(id.clone(), hint.clone(), "a", "", trust));
    assertThat(log).hasSameHashCodeAs(new TrustedLog(id.clone(), hint, "b", "", trust));
    assertThat(log)
        .isNotEqualTo(new TrustedLog(new byte[] {9}, hint, "a", "", trust))
        .isNotEqualTo(new TrustedLog(id, new byte[] {9}, "a", "", trust))
        .isNotEqualTo(new TrustedLog(id, hint, "b", "", trust))
        .isNotEqualTo(new TrustedLog(id, hint, "a", "acme", trust))
        .isNotEqualTo(new TrustedLog(id, hint, "a", "", new TrustedLog.Trust.Unusable("never")))
        .isNotEqualTo("a");
    assertThat(log.hasId(id)).isTrue();
    assertThat(log.hasId(new byte[] {1, 2, 3})).isFalse();
  }

  @Test
  void includesBothEndsOfAWindow() {
    var window =
        new Window(Instant.parse("2024-01-01T00:00:00Z"), Instant.parse("2024-01-02T00:00:00Z"));

    assertThat(window.contains(Instant.parse("2024-01-01T00:00:00Z"))).isTrue();
    assertThat(window.contains(Instant.parse("2024-01-02T00:00:00Z"))).isTrue();
    assertThat(window.contains(Instant.parse("2023-12-31T23:59:59.999Z"))).isFalse();
    assertThat(window.contains(Instant.parse("2024-01-02T00:00:00.001Z"))).isFalse();
  }

  /// N28, N29: two readers must not see two roots in the same bytes.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"mediaType\":\"x\"}",
        "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\",\"tlogs\":[],\"tlogs\":[]}",
        "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\"} x",
        "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\",\"tlogs\":{}}",
        "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\","
            + "\"certificateAuthorities\":[{\"certChain\":{\"certificates\":[]}}]}",
        "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\","
            + "\"certificateAuthorities\":[{\"certChain\":{\"certificates\":[{\"rawBytes\":\"MAA=\"}]}}]}"
      })
  void n28N29RefusesWhatIsNoRoot(String content) {
    assertThatThrownBy(() -> TrustRootReader.read(content.getBytes(UTF_8)))
        .isInstanceOf(UnusableTrustRootException.class);
  }

  private static TrustRoot only(String content) throws UnusableTrustRootException {
    var roots = TrustRootReader.read(content.getBytes(UTF_8));
    assertThat(roots).hasSize(1);
    return roots.getFirst();
  }

  private static String log(String baseUrl, String key) {
    var id = Base64.getEncoder().encodeToString(new byte[32]);
    return EMPTY.substring(0, EMPTY.length() - 1)
        + ",\"tlogs\":[{\"baseUrl\":\"%s\",\"publicKey\":{\"rawBytes\":\"%s\","
            .formatted(baseUrl, key)
        + "\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\",\"validFor\":{\"start\":\"2024-01-01T00:00:00Z\"}},"
        + "\"logId\":{\"keyId\":\"%s\"}}]}".formatted(id);
  }

  /// The key above is what the reader is given: the tests would pass with one that is none.
  @Test
  void readsTheKeyOfALog() throws UnusableTrustRootException {
    assertThat(List.of(only(log("a.example", KEY)).logs().getFirst().trust()))
        .hasOnlyElementsOfType(TrustedLog.Trust.Usable.class);
  }
}
