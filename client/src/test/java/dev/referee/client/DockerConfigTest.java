package dev.referee.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerConfigTest {
  private static final String CONFIG =
      """
      {"auths":{
        "https://index.docker.io/v1/":{"auth":"dXNlcjpwYTpzcw=="},
        "registry.example.com:443":{"username":"u","password":"p"},
        "https://other.example.com/v2/":{"identitytoken":"refresh"},
        "broken.example.com":{"auth":"***"},
        "empty.example.com":{}},
       "credHelpers":{"gcr.io":"gcloud"}}
      """;

  @Test
  void findsCredentialsByHost() {
    var config = DockerConfig.parse(CONFIG.getBytes(UTF_8));

    assertThat(credentials(config, "nginx")).isEqualTo(new Credentials.Basic("user", "pa:ss"));
    assertThat(credentials(config, "registry.example.com/a"))
        .isEqualTo(new Credentials.Basic("u", "p"));
    assertThat(credentials(config, "other.example.com/a"))
        .isEqualTo(new Credentials.IdentityToken("refresh"));
    for (var host :
        new String[] {"broken.example.com", "empty.example.com", "gcr.io", "a.io:443"}) {
      assertThat(credentials(config, host + "/a")).isEqualTo(Credentials.ANONYMOUS);
    }
    // Another port is another registry.
    assertThat(credentials(config, "registry.example.com:5000/a")).isEqualTo(Credentials.ANONYMOUS);
  }

  @Test
  void readsTheFileThatDockerWouldRead(@TempDir Path folder) throws IOException {
    assertThat(DockerConfig.ofUser(Map.of("DOCKER_CONFIG", folder.toString())))
        .isEqualTo(CredentialsSource.ANONYMOUS);

    Files.writeString(folder.resolve("config.json"), CONFIG);
    assertThat(
            DockerConfig.ofUser(Map.of("DOCKER_CONFIG", folder.toString()))
                .credentials(Reference.parse("nginx").repository()))
        .isInstanceOf(Credentials.Basic.class);

    Files.writeString(folder.resolve("config.json"), "{");
    assertThatThrownBy(() -> DockerConfig.ofUser(Map.of("DOCKER_CONFIG", folder.toString())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is malformed");
  }

  @Test
  void refusesWhatIsNoConfig() {
    assertThatThrownBy(() -> DockerConfig.parse("[]".getBytes(UTF_8)))
        .isInstanceOf(MalformedContentException.class);
  }

  @Test
  void neverPrintsSecrets() {
    assertThat(new Credentials.Basic("user", "secret").toString()).doesNotContain("secret");
    assertThat(new Credentials.IdentityToken("secret").toString()).doesNotContain("secret");
  }

  private static Credentials credentials(CredentialsSource source, String image) {
    return source.credentials(Reference.parse(image).repository());
  }
}
