package dev.referee.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
  private static final String HEX =
      "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

  @ParameterizedTest
  @CsvSource({
    "nginx, docker.io/library/nginx:latest",
    "nginx:1.29, docker.io/library/nginx:1.29",
    "grafana/loki, docker.io/grafana/loki:latest",
    "docker.io/nginx, docker.io/library/nginx:latest",
    "index.docker.io/nginx, docker.io/library/nginx:latest",
    "registry-1.docker.io/library/nginx, docker.io/library/nginx:latest",
    "docker.io:443/nginx, docker.io/library/nginx:latest",
    "registry:443/nginx, registry:443/nginx:latest",
    "localhost/app, localhost/app:latest",
    "localhost:5000, docker.io/library/localhost:5000",
    "localhost:5000/app:1, localhost:5000/app:1",
    "127.0.0.1:5000/t/app, 127.0.0.1:5000/t/app:latest",
    "[::1]:5000/app, [::1]:5000/app:latest",
    "registry.example.com/a/b/c:v1, registry.example.com/a/b/c:v1",
    "Registry.Example.COM/app:V1, registry.example.com/app:V1",
    "registry.example.com:443/app, registry.example.com/app:latest",
    "registry.example.com:0443/app, registry.example.com/app:latest",
    "registry.example.com:5000/app, registry.example.com:5000/app:latest",
    "HOST/app, host:443/app:latest",
    "ghcr.io/org/app_name/with--dash/and__under.dot,"
        + " ghcr.io/org/app_name/with--dash/and__under.dot:latest",
  })
  void readsAsContainerRuntimesDo(String text, String canonical) {
    assertThat(Reference.parse(text)).hasToString(canonical);
  }

  @Test
  void keepsTagAndDigest() {
    var reference = Reference.parse("ghcr.io/org/app:v1@sha256:" + HEX);

    assertThat(reference.tag()).isEqualTo("v1");
    assertThat(reference.digest()).isEqualTo(Digest.parse("sha256:" + HEX));
    assertThat(reference).hasToString("ghcr.io/org/app:v1@sha256:" + HEX);
  }

  @Test
  void hasNoDefaultTagBesideADigest() {
    assertThat(Reference.parse("nginx@sha256:" + HEX).tag()).isNull();
  }

  @Test
  void namesTheHostWithoutPortAndBrackets() {
    assertThat(Reference.parse("[::1]:5000/app").repository().host()).isEqualTo("::1");
    assertThat(Reference.parse("localhost:5000/app").repository().host()).isEqualTo("localhost");
    assertThat(Reference.parse("nginx").repository().host()).isEqualTo("docker.io");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nginx ",
        " nginx",
        "Nginx",
        "org/App",
        "https://registry.example.com/app",
        "user@registry.example.com/app",
        "user:password@registry.example.com/app",
        "registry.example.com//app",
        "registry.example.com/app/",
        "/app",
        "registry.example.com/",
        "registry.example.com/../app",
        "registry.example.com/./app",
        "registry.example.com/a..b",
        "registry.example.com/a___b",
        "registry.example.com/-app",
        "registry.example.com/app-",
        "registry.example.com/a%2fb",
        "registry.example.com/app?x",
        "registry.example.com/app#x",
        "registry.example.com./app",
        ".registry.example.com/app",
        "-registry.example.com/app",
        "registry..example.com/app",
        "registry.example.com:/app",
        "registry.example.com:0/app",
        "registry.example.com:65536/app",
        "registry.example.com:99999999999/app",
        "registry.example.com:5000:5001/app",
        "regi\u0131stry.example.com/app",
        "registry.example.com/\u0430pp",
        "[::1/app",
        "[zz]:5000/app",
        "nginx:",
        "nginx:-1",
        "nginx:.1",
        "nginx:a b",
        "nginx:a/b:c d",
        "nginx@",
        "nginx@sha256",
        "nginx@sha256:abc",
        "nginx@sha256:" + HEX + "@sha256:" + HEX,
        "@sha256:" + HEX,
        HEX
      })
  void refusesEveryIllegalForm(String text) {
    assertThatThrownBy(() -> Reference.parse(text))
        .isInstanceOfSatisfying(
            MalformedContentException.class,
            e ->
                assertThat(e.reason())
                    .isIn(ContentReason.REFERENCE_INVALID, ContentReason.DIGEST_INVALID));
  }

  @Test
  void refusesATagOfMoreThan128Characters() {
    assertThat(Reference.parse("nginx:" + "a".repeat(128)).tag()).hasSize(128);
    assertThatThrownBy(() -> Reference.parse("nginx:" + "a".repeat(129)))
        .isInstanceOf(MalformedContentException.class);
  }

  @Test
  void refusesANameOfMoreThan255Characters() {
    assertThatThrownBy(() -> Reference.parse("registry.example.com/" + "a".repeat(240)))
        .isInstanceOf(MalformedContentException.class);
  }

  /// The grammar's nested repetitions must not make a long name expensive.
  @Test
  void refusesAHostileNameInLinearTime() {
    assertThatThrownBy(() -> Reference.parse("a".repeat(100_000_000)))
        .isInstanceOf(MalformedContentException.class);
    assertThatThrownBy(() -> Reference.parse("r.example/" + "a-".repeat(120) + "!"))
        .isInstanceOf(MalformedContentException.class);
  }
}
