package dev.referee.oci;

import static dev.referee.oci.ContentReason.DIGEST_INVALID;
import static dev.referee.oci.ContentReason.FIELD_INVALID;
import static dev.referee.oci.ContentReason.FIELD_MISSING;
import static dev.referee.oci.ContentReason.JSON_MALFORMED;
import static dev.referee.oci.ContentReason.JSON_TOO_LARGE;
import static dev.referee.oci.ContentReason.MANIFEST_AMBIGUOUS;
import static dev.referee.oci.ContentReason.MEDIA_TYPE_MISMATCH;
import static dev.referee.oci.ContentReason.MEDIA_TYPE_UNSUPPORTED;
import static dev.referee.oci.ContentReason.SIZE_OUT_OF_RANGE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestTest {
  private static final String DIGEST =
      "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
  private static final String CONFIG =
      """
      {"mediaType":"application/vnd.oci.empty.v1+json","digest":"%s","size":2}\
      """
          .formatted(DIGEST);
  private static final String SUBJECT =
      """
      {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%s","size":7}\
      """
          .formatted(DIGEST);

  @Test
  void readsAnArtifactWithASubject() {
    var manifest =
        parse(
            """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
             "artifactType":"application/spdx+json","config":%s,"layers":[%s],"subject":%s,
             "annotations":{"a":"b"},"x-unknown":[1]}
            """
                .formatted(CONFIG, CONFIG, SUBJECT));

    assertThat(manifest)
        .isInstanceOfSatisfying(
            ImageManifest.class,
            image -> {
              assertThat(image.artifactType()).isEqualTo("application/spdx+json");
              assertThat(image.subject())
                  .isEqualTo(new Descriptor(MediaType.OCI_MANIFEST, Digest.parse(DIGEST), 7));
              assertThat(image.layers()).hasSize(1);
              assertThat(image.annotations()).containsEntry("a", "b");
            });
  }

  /// distribution-spec v1.1.1: without artifactType the config's media type stands for it.
  @Test
  void takesTheConfigTypeForAMissingArtifactType() {
    assertThat(parse("{\"schemaVersion\":2,\"config\":%s,\"layers\":[]}".formatted(CONFIG)))
        .extracting(Manifest::artifactType)
        .isEqualTo("application/vnd.oci.empty.v1+json");
  }

  @Test
  void readsAnIndexWithPlatforms() {
    var manifest =
        parse(
            """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[
             {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%s","size":7,
              "platform":{"os":"linux","architecture":"arm64","variant":"v8"}}]}
            """
                .formatted(DIGEST));

    assertThat(manifest)
        .isInstanceOfSatisfying(
            Index.class,
            index -> {
              assertThat(index.manifests().getFirst().platform()).hasToString("linux/arm64/v8");
              assertThat(index.artifactType()).isNull();
            });
  }

  @Test
  void ignoresASubjectInDockersTypes() {
    var manifest =
        Manifest.parse(
            """
            {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
             "config":%s,"layers":[],"subject":%s}
            """
                .formatted(CONFIG, SUBJECT)
                .getBytes(UTF_8),
            MediaType.DOCKER_MANIFEST);

    assertThat(manifest.subject()).isNull();
  }

  @Test
  void takesTheDeliveredTypeWhereTheBodyStatesNone() {
    var body = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(UTF_8);

    assertThat(Manifest.parse(body, MediaType.OCI_INDEX)).isInstanceOf(Index.class);
    assertThat(Manifest.parse(body, null)).isInstanceOf(Index.class);
  }

  record Refused(String body, @Nullable MediaType delivered, ContentReason reason) {}

  static Refused[] refused() {
    return new Refused[] {
      // CVE-2021-41190: one digest, two meanings.
      new Refused("{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}", null, MANIFEST_AMBIGUOUS),
      new Refused(
          "{\"schemaVersion\":2,\"manifests\":[],\"config\":%s}".formatted(CONFIG),
          MediaType.OCI_INDEX,
          MANIFEST_AMBIGUOUS),
      new Refused(
          "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[]}"
              .formatted(MediaType.OCI_INDEX),
          MediaType.OCI_MANIFEST,
          MEDIA_TYPE_MISMATCH),
      new Refused(
          "{\"schemaVersion\":1,\"mediaType\":\"%s+prettyjws\"}"
              .formatted("application/vnd.docker.distribution.manifest.v1"),
          null,
          MEDIA_TYPE_UNSUPPORTED),
      new Refused("<html></html>", MediaType.of("text/html"), JSON_MALFORMED),
      new Refused("{}", MediaType.of("application/json"), MEDIA_TYPE_UNSUPPORTED),
      new Refused("{\"schemaVersion\":1,\"manifests\":[]}", null, FIELD_INVALID),
      new Refused("{\"schemaVersion\":2.0,\"manifests\":[]}", null, FIELD_INVALID),
      new Refused("{\"manifests\":[]}", null, FIELD_MISSING),
      new Refused("{\"schemaVersion\":2,\"layers\":[]}", null, FIELD_MISSING),
      new Refused("{\"schemaVersion\":2,\"manifests\":{}}", null, FIELD_INVALID),
      new Refused("{\"schemaVersion\":2,\"manifests\":[null]}", null, FIELD_INVALID),
      new Refused("{\"schemaVersion\":2,\"manifests\":[\"x\"]}", null, FIELD_INVALID),
      new Refused(
          "{\"schemaVersion\":2,\"config\":%s,\"layers\":[],\"subject\":{\"digest\":\"x\"}}"
              .formatted(CONFIG),
          null,
          FIELD_MISSING),
      new Refused(
          "{\"schemaVersion\":2,\"config\":%s,\"layers\":[]}"
              .formatted(CONFIG.replace("sha256:", "sha256:../")),
          null,
          DIGEST_INVALID),
      new Refused(
          "{\"schemaVersion\":2,\"config\":%s,\"layers\":[]}"
              .formatted(CONFIG.replace("\"size\":2", "\"size\":-1")),
          null,
          SIZE_OUT_OF_RANGE),
      new Refused(
          "{\"schemaVersion\":2,\"config\":%s,\"layers\":[]}"
              .formatted(CONFIG.replace("\"size\":2", "\"size\":99999999999999999999")),
          null,
          FIELD_INVALID),
      new Refused("{\"schemaVersion\":2,\"schemaVersion\":2}", null, JSON_MALFORMED),
    };
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuses(Refused refused) {
    assertThatThrownBy(() -> Manifest.parse(refused.body().getBytes(UTF_8), refused.delivered()))
        .isInstanceOfSatisfying(
            MalformedContentException.class,
            e -> assertThat(e.reason()).isEqualTo(refused.reason()));
  }

  @Test
  void refusesMoreThanFourMebibytes() {
    assertThatThrownBy(() -> Manifest.parse(new byte[Manifest.MAX_BYTES + 1], null))
        .isInstanceOfSatisfying(
            MalformedContentException.class, e -> assertThat(e.reason()).isEqualTo(JSON_TOO_LARGE));
  }

  private static Manifest parse(String body) {
    return Manifest.parse(body.getBytes(UTF_8), null);
  }
}
