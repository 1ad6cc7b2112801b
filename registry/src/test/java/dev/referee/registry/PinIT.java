package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Digest;
import dev.referee.registry.access.FileAccess;
import dev.referee.registry.access.MovingClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinIT {
  @TempDir private Path folder;
  @TempDir private Path files;

  private final MovingClock clock = new MovingClock();

  @Test
  void takesShowsRenewsAndGivesUpALease() throws Exception {
    try (var registry = TestRegistry.start(folder, config -> config.clock(clock))) {
      var image = registry.pushImage("shop/cart", "v1");
      var path = "/_referee/v1/pins/shop/cart/" + image.digest();

      registry.get(path).refused(404, "MANIFEST_UNKNOWN");
      var pin = registry.send("PUT", path + "?seconds=60", new byte[0]).hasStatus(201).json();
      assertThat(pin.path("repository").asText()).isEqualTo("shop/cart");
      assertThat(pin.path("digest").asText()).isEqualTo(image.digest().toString());
      assertThat(until(pin.path("until").asText())).isEqualTo(Duration.ofMinutes(1));
      assertThat(registry.get(path).hasStatus(200).json()).isEqualTo(pin);

      var renewed = registry.send("PUT", path, new byte[0]).hasStatus(201).json();
      assertThat(until(renewed.path("until").asText())).isEqualTo(Duration.ofDays(1));
      assertThat(registry.get(path).json()).isEqualTo(renewed);

      registry.delete(path).hasStatus(202);
      registry.delete(path).refused(404, "MANIFEST_UNKNOWN");
      registry.post(path).refused(405, "UNSUPPORTED");
      var unknown = Digest.of("unknown".getBytes(UTF_8));
      registry
          .send("PUT", "/_referee/v1/pins/shop/cart/" + unknown, new byte[0])
          .refused(404, "MANIFEST_UNKNOWN");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"59", "604801", "-1", "many", "99999999999", ""})
  void aLeaseHasBounds(String seconds) throws Exception {
    try (var registry = TestRegistry.start(folder)) {
      var image = registry.pushImage("shop/cart", "v1");

      registry
          .send(
              "PUT",
              "/_referee/v1/pins/shop/cart/%s?seconds=%s".formatted(image.digest(), seconds),
              new byte[0])
          .refused(400, "REQUEST_INVALID");
    }
  }

  @Test
  void otherPathsAreNone() throws Exception {
    try (var registry = TestRegistry.start(folder)) {
      var digest = Digest.of("any".getBytes(UTF_8));

      registry.get("/_referee/v1/pins/" + digest).refused(404, "UNSUPPORTED");
      registry.get("/_referee/v1/pins/shop/cart/v1").refused(400, "DIGEST_INVALID");
      registry.get("/_referee/v1/pins/UPPER/" + digest).refused(400, "NAME_INVALID");
      registry.get("/_referee/v2/pins/shop/cart/" + digest).refused(404, "UNSUPPORTED");
    }
  }

  /// Neither `Push` nor `Delete` is `Pin`, and nobody learns what exists.
  @Test
  void needsARightOfItsOwn() throws Exception {
    var access =
        Files.writeString(
            files.resolve("access.json"),
            """
            {"anonymous": [
              {"repositories": ["shop/**"], "actions": ["Pull", "Push", "Delete"]},
              {"repositories": ["pinned/**"], "actions": ["Pull", "Push", "Pin"]}
            ]}
            """);
    var rules = FileAccess.open(access, null, clock);
    try (var registry = TestRegistry.start(folder, config -> config.access(rules))) {
      for (var repository : new String[] {"shop/cart", "pinned/cart"}) {
        var image = registry.pushImage(repository, "v1");
        var path = "/_referee/v1/pins/%s/%s".formatted(repository, image.digest());
        for (var method : new String[] {"PUT", "GET", "DELETE"}) {
          var answer = registry.send(method, path, new byte[0]);
          if (repository.startsWith("shop")) {
            answer.refused(401, "UNAUTHORIZED");
          } else {
            assertThat(answer.status()).as(method).isBetween(200, 202);
          }
        }
      }
    }
  }

  private Duration until(String end) {
    return Duration.between(clock.instant().truncatedTo(ChronoUnit.SECONDS), Instant.parse(end));
  }
}
