package dev.referee.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {
  @Test
  void cutsParametersOffAHeader() {
    assertThat(MediaType.ofContentType("application/vnd.oci.image.index.v1+json; charset=utf-8"))
        .isEqualTo(MediaType.OCI_INDEX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "application", "application/", "/json", "a/b/c", "a b/c", "text/html; a=b"})
  void refusesWhatIsNoMediaType(String text) {
    assertThatThrownBy(() -> MediaType.of(text))
        .isInstanceOfSatisfying(
            MalformedContentException.class,
            e -> assertThat(e.reason()).isEqualTo(ContentReason.MEDIA_TYPE_INVALID));
  }

  @Test
  void tellsManifestsFromIndexes() {
    assertThat(MediaType.DOCKER_MANIFEST_LIST.isIndex()).isTrue();
    assertThat(MediaType.DOCKER_MANIFEST.isImageManifest()).isTrue();
    assertThat(MediaType.OCI_INDEX.isImageManifest()).isFalse();
    assertThat(MediaType.OCI_EMPTY.isIndex()).isFalse();
  }

  @Test
  void knowsLayersThatMayNotBeDistributed() {
    assertThat(MediaType.OCI_LAYER_GZIP.isNonDistributable()).isFalse();
    assertThat(
            MediaType.of("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")
                .isNonDistributable())
        .isTrue();
    assertThat(
            MediaType.of("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")
                .isNonDistributable())
        .isTrue();
  }
}
