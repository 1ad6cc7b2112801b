package dev.referee.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
  private static final String EMPTY_OBJECT =
      "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

  @Test
  void hashesBytes() {
    assertThat(Digest.of("{}".getBytes(StandardCharsets.UTF_8))).hasToString(EMPTY_OBJECT);
    assertThat(Descriptor.EMPTY_JSON.digest()).hasToString(EMPTY_OBJECT);
  }

  @Test
  void hashesWithSha512() {
    var digest = Digest.of(DigestAlgorithm.SHA512, new byte[0]);

    assertThat(digest.toString()).startsWith("sha512:cf83e1357eefb8bd");
    assertThat(Digest.parse(digest.toString())).isEqualTo(digest);
  }

  @Test
  void readsWhatItWrites() {
    assertThat(Digest.parse(EMPTY_OBJECT)).hasToString(EMPTY_OBJECT);
    assertThat(Digest.parse(EMPTY_OBJECT).hash()).hasSize(32);
  }

  @Test
  void namesTheFallbackTag() {
    assertThat(Digest.parse(EMPTY_OBJECT).tagForm())
        .isEqualTo("sha256-44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  }

  /// The tag schema cuts the encoded part to 64 characters, so that the tag stays legal.
  @Test
  void cutsTheFallbackTagOfALongDigest() {
    var tag = Digest.of(DigestAlgorithm.SHA512, new byte[0]).tagForm();

    assertThat(tag).hasSize("sha512-".length() + 64);
    assertThat(Reference.isTag(tag)).isTrue();
  }

  /// CVE-2024-3727: a digest ends up in request paths, so nothing but a digest may be one.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "sha256",
        "sha256:",
        "sha256:../../x",
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8",
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8aa",
        "sha256:44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8310C060F61CAAFF8A",
        "SHA256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "sha512:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "sha384:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8\u0661",
        " sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\n"
      })
  void refusesWhatIsNoDigest(String text) {
    assertThatThrownBy(() -> Digest.parse(text))
        .isInstanceOfSatisfying(
            MalformedContentException.class,
            e -> assertThat(e.reason()).isEqualTo(ContentReason.DIGEST_INVALID));
  }

  @Test
  void doesNotRepeatHostileInputAtLength() {
    assertThatThrownBy(() -> Digest.parse("x".repeat(1_000_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }
}
