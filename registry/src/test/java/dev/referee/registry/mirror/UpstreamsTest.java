package dev.referee.registry.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.registry.content.RepositoryName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamsTest {
  @TempDir private Path folder;

  @Test
  void readsOverlaysAndMirrors() throws IOException {
    var upstreams =
        read(
            """
            {
              "overlays": [{"prefix": "evidence"}, {"prefix": "hub/signed"}],
              "mirrors": [
                {"prefix": "hub", "upstream": "docker.io"},
                {
                  "prefix": "team",
                  "upstream": "Registry.Example.com:5000/acme",
                  "credentialsFile": "/etc/upstream/config.json",
                  "caFile": "/etc/upstream/ca.crt",
                  "plainHttp": true,
                  "freshSeconds": 60,
                  "maxBlobBytes": 1000
                }
              ]
            }
            """);

    assertThat(upstreams.isOverlay(name("evidence"))).isTrue();
    assertThat(upstreams.isOverlay(name("evidence/shop/cart"))).isTrue();
    assertThat(upstreams.isOverlay(name("evidences"))).isFalse();
    assertThat(upstreams.mirror(name("evidence/shop"))).isEmpty();
    var hub = upstreams.mirror(name("hub/library/nginx")).orElseThrow();
    assertThat(hub.fresh()).isEqualTo(Duration.ofMinutes(5));
    assertThat(hub.maxBlobBytes()).isEqualTo(64L << 30);
    assertThat(hub.credentials()).isNull();
    assertThat(hub.there(name("hub/library/nginx")).orElseThrow())
        .hasToString("docker.io/library/nginx");
    // The longer name decides.
    assertThat(upstreams.isOverlay(name("hub/signed/nginx"))).isTrue();
    assertThat(upstreams.mirror(name("hub/signed/nginx"))).isEmpty();
    var team = upstreams.mirror(name("team/cart")).orElseThrow();
    assertThat(team.there(name("team/cart")).orElseThrow())
        .hasToString("registry.example.com:5000/acme/cart");
    assertThat(team.there(name("team")).orElseThrow())
        .hasToString("registry.example.com:5000/acme");
    assertThat(team.fresh()).isEqualTo(Duration.ofMinutes(1));
    assertThat(team.maxBlobBytes()).isEqualTo(1000);
    assertThat(team.plainHttp()).isTrue();
    assertThat(team.authorities()).isEqualTo(Path.of("/etc/upstream/ca.crt"));
    assertThat(upstreams.mirror(name("other"))).isEmpty();
  }

  @Test
  void aNameThatCannotBeThereIsNowhere() throws IOException {
    var hub =
        read("{\"mirrors\":[{\"prefix\":\"hub\",\"upstream\":\"docker.io\"}]}")
            .mirror(name("hub"))
            .orElseThrow();

    assertThat(hub.there(name("hub"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"overlay\":[]} | is not known",
        "{\"overlays\":[{\"prefix\":\"a\",\"upstream\":\"docker.io\"}]} | is not known",
        "{\"overlays\":[{}]} | prefix",
        "{\"overlays\":[{\"prefix\":\"UPPER\"}]} | is not a repository name",
        "{\"overlays\":[{\"prefix\":\"a\"},{\"prefix\":\"a\"}]} | named twice",
        "{\"mirrors\":[{\"prefix\":\"a\"}]} | upstream",
        "{\"mirrors\":[{\"prefix\":\"a\",\"upstream\":\"https://docker.io\"}]} | is not a",
        "{\"mirrors\":[{\"prefix\":\"a\",\"upstream\":\"b.io/UPPER\"}]} | is not a repository name",
        "{\"mirrors\":[{\"prefix\":\"a\",\"upstream\":\"b.io\",\"freshSeconds\":0}]} | not within",
        "{\"mirrors\":[{\"prefix\":\"a\",\"upstream\":\"b.io\",\"freshSeconds\":9999999}]} | not"
            + " within",
        "{\"mirrors\":[{\"prefix\":\"a\",\"upstream\":\"b.io\",\"plainHttp\":\"no\"}]} | neither"
            + " true",
        "{ | "
      })
  void saysWhatIsWrong(String file, String words) {
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(UpstreamsException.class)
        .hasMessageContaining("upstreams.json")
        .hasMessageContaining(words == null ? "" : words);
  }

  @Test
  void saysWhichFileCannotBeRead() throws IOException {
    assertThatThrownBy(() -> Upstreams.read(folder.resolve("missing")))
        .isInstanceOf(UpstreamsException.class)
        .hasMessageContaining("missing cannot be read");
    var large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> Upstreams.read(large)).hasMessageContaining("more than");
  }

  private Upstreams read(String text) throws IOException {
    var file = folder.resolve("upstreams.json");
    Files.write(file, text.getBytes(UTF_8));
    return Upstreams.read(file);
  }

  private static RepositoryName name(String text) {
    return new RepositoryName(text);
  }
}
