package dev.referee.verify.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Reference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagePatternTest {
  @ParameterizedTest
  @CsvSource({
    "registry.example.com/prod/**, registry.example.com/prod/app",
    "registry.example.com/prod/**, registry.example.com/prod",
    "registry.example.com/prod/**, registry.example.com/prod/team/app:v1",
    "registry.example.com/prod/*, registry.example.com/prod/app",
    "registry.example.com/**, registry.example.com/app",
    "registry.example.com/**/app, registry.example.com/app",
    "registry.example.com/**/app, registry.example.com/a/b/c/app",
    "registry.example.com/**/b/**/app, registry.example.com/a/b/c/d/app",
    "registry.example.com/te*m-*/app, registry.example.com/team-a/app",
    "registry.example.com:5000/**, registry.example.com:5000/app",
    "registry.example.com:443/**, registry.example.com/app",
    "registry.example.com/**, registry.example.com:443/app",
    "Registry.Example.com/**, registry.EXAMPLE.com/app",
    "localhost/**, localhost/app",
    "[::1]:5000/**, [::1]:5000/app",
    "*.example.com/**, a.b.example.com/app",
    "*.example.com:*/**, a.example.com:5000/app",
    "*/app, registry.example.com/app",
    "*/app, localhost:5000/app",
    "**, nginx",
    "**, localhost:5000/a/b/c",
    "**/app, localhost:5000/a/b/app",
    "nginx, docker.io/library/nginx:1.29",
    "docker.io/nginx, nginx",
    "docker.io/*, nginx",
    "docker.io/**, grafana/loki",
    "index.docker.io/**, nginx",
    "grafana/*, docker.io/grafana/loki",
  })
  void matchesWhatIsMeant(String pattern, String image) {
    assertThat(matches(pattern, image)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "registry.example.com/prod/**, registry.example.com/production/app",
    "registry.example.com/prod/*, registry.example.com/prod/team/app",
    "registry.example.com/prod/*, registry.example.com/prod",
    "registry.example.com/**, registry.example.com:5000/app",
    "registry.example.com:5000/**, registry.example.com/app",
    "registry.example.com/**, registry.example.com.evil.com/app",
    "registry.example.com/**, evil.com/registry.example.com/app",
    "registry.example.com/**, nginx",
    "*.example.com/**, example.com/app",
    "*.example.com/**, a.example.com:5000/app",
    "*/app, registry.example.com/team/app",
    "nginx, docker.io/grafana/nginx",
    "docker.io/*, grafana/loki",
    "grafana/*, ghcr.io/grafana/loki",
  })
  void doesNotMatchWhatIsNotMeant(String pattern, String image) {
    assertThat(matches(pattern, image)).isFalse();
  }

  /// N76: what scopes of a trust policy may be mistaken about. Who signs is another question: the
  /// scope of a signer of notation is that of the policy which names it.
  @Test
  void n76KeepsRegistriesPortsAndSegmentsApart() {
    // A wildcard in the middle is of one segment, and does not reach into its neighbours.
    assertThat(matches("r.io/*/app", "r.io/team/app")).isTrue();
    assertThat(matches("r.io/*/app", "r.io/team/other/app")).isFalse();
    assertThat(matches("r.io/*/app", "r.io/app")).isFalse();
    assertThat(matches("r.io/*/app", "r.io/team/apps")).isFalse();
    // Another port is another registry.
    assertThat(matches("r.io:5000/app", "r.io:5000/app")).isTrue();
    assertThat(matches("r.io:5000/app", "r.io:5001/app")).isFalse();
    assertThat(matches("r.io/app", "r.io:5000/app")).isFalse();
    // One image of Docker Hub has four names, and each of them is in scope or none.
    for (var image :
        List.of("nginx", "library/nginx", "docker.io/nginx", "docker.io/library/nginx")) {
      for (var pattern :
          List.of("nginx", "library/nginx", "docker.io/nginx", "docker.io/library/nginx")) {
        assertThat(matches(pattern, image)).as("%s, %s", pattern, image).isTrue();
      }
      assertThat(matches("docker.io/other/nginx", image)).as(image).isFalse();
      assertThat(matches("r.io/library/nginx", image)).as(image).isFalse();
    }
  }

  /// Portieris before 0.14.2: the host of a pattern was found inside the path of an image
  /// (d3058143).
  @Test
  void neverMatchesTheHostInsideAPath() {
    assertThat(
            matches(
                "*.trusted.example.com/org/*",
                "attacker.example.com/x.trusted.example.com/org/evil"))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "registry.example.com",
        "registry.example.com/",
        "registry.example.com//app",
        "registry.example.com/app:v1",
        "nginx:latest",
        "registry.example.com/app@sha256:x",
        "registry.example.com/a**b",
        "registry.example.com/App",
        "registry.example.com/a b",
        "registry.example.com/../app",
        "registry.example.com/a?",
        "registry.example.com/[ab]",
        "reg istry.example.com/app",
        "registry.example.com:port/app",
        "https://registry.example.com/app"
      })
  void refusesWhatCouldNotMeanAnything(String pattern) {
    assertThatThrownBy(() -> ImagePattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).isNotBlank());
  }

  /// A tenant may write policies: many wildcards must not cost exponential time.
  @Test
  void matchesManyWildcardsInBoundedTime() {
    var pattern = "r.io" + "/**/a".repeat(40) + "/b";
    var image = "r.io" + "/a".repeat(120);
    var stars = "r.io/" + "a*".repeat(100) + "b";

    assertThat(matches(pattern, image)).isFalse();
    assertThat(matches(stars, "r.io/" + "a".repeat(240))).isFalse();
  }

  private static boolean matches(String pattern, String image) {
    return ImagePattern.parse(pattern).matches(Reference.parse(image).repository());
  }
}
