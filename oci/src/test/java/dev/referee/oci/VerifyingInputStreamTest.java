package dev.referee.oci;

import static dev.referee.oci.SourceReason.DIGEST_MISMATCH;
import static dev.referee.oci.SourceReason.SIZE_MISMATCH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerifyingInputStreamTest {
  private static final MediaType TYPE = MediaType.of("text/plain");
  private static final byte[] CONTENT = "some content".getBytes(UTF_8);

  @ParameterizedTest
  @EnumSource(DigestAlgorithm.class)
  void handsOutWhatItProves(DigestAlgorithm algorithm) throws IOException {
    var expected = new Descriptor(TYPE, Digest.of(algorithm, CONTENT), CONTENT.length);

    try (var stream = verifying(CONTENT, expected)) {
      assertThat(stream.readAllBytes()).isEqualTo(CONTENT);
      assertThat(stream.read()).isEqualTo(-1);
    }
  }

  @Test
  void readsAnEmptyBlob() throws IOException {
    try (var stream = verifying(new byte[0], Descriptor.of(TYPE, new byte[0]))) {
      assertThat(stream.readAllBytes()).isEmpty();
    }
  }

  @Test
  void refusesOneChangedByteBeforeTheEnd() {
    var changed = CONTENT.clone();
    changed[3] ^= 1;

    assertRefused(changed, DIGEST_MISMATCH);
  }

  @Test
  void refusesAMissingByte() {
    assertRefused("some conten".getBytes(UTF_8), SIZE_MISMATCH);
  }

  @Test
  void refusesAByteTooMany() {
    assertRefused("some content!".getBytes(UTF_8), SIZE_MISMATCH);
  }

  /// A reader that goes byte by byte must not be told of an end that was not proven.
  @Test
  void provesForAReaderOfSingleBytes() throws IOException {
    var changed = CONTENT.clone();
    changed[0] ^= 1;
    try (var stream = verifying(changed, Descriptor.of(TYPE, CONTENT))) {
      for (int i = 0; i < CONTENT.length; i++) {
        assertThat(stream.read()).isNotNegative();
      }
      assertThatThrownBy(stream::read).isInstanceOf(SourceException.class);
    }
  }

  @Test
  void hashesWhatIsSkipped() throws IOException {
    try (var stream = verifying(CONTENT, Descriptor.of(TYPE, CONTENT))) {
      assertThat(stream.skip(5)).isEqualTo(5);
      assertThat(stream.readAllBytes()).isEqualTo("content".getBytes(UTF_8));
    }
  }

  @Test
  void doesNotReset() throws IOException {
    try (var stream = verifying(CONTENT, Descriptor.of(TYPE, CONTENT))) {
      stream.mark(10);
      assertThat(stream.markSupported()).isFalse();
      assertThatThrownBy(stream::reset).isInstanceOf(IOException.class);
    }
  }

  private static void assertRefused(byte[] delivered, SourceReason reason) {
    assertThatThrownBy(
            () -> {
              try (var stream = verifying(delivered, Descriptor.of(TYPE, CONTENT))) {
                stream.readAllBytes();
              }
            })
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static InputStream verifying(byte[] delivered, Descriptor expected) {
    return new VerifyingInputStream(new ByteArrayInputStream(delivered), expected);
  }
}
