package dev.referee.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Digest;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.RepositoryName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RouteTest {
  private static final Digest DIGEST =
      Digest.parse("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");

  record Case(String path, Route route) {}

  static Case[] routes() {
    return new Case[] {
      new Case("/token", new Route.Token()),
      new Case("/v2", new Route.Ping()),
      new Case("/v2/", new Route.Ping()),
      new Case("/v2/a/tags/list", new Route.TagList(name("a"))),
      new Case("/v2/a/b/c/tags/list", new Route.TagList(name("a/b/c"))),
      new Case("/v2/a/manifests/v1", new Route.OneManifest(name("a"), "v1", null)),
      new Case("/v2/a/manifests/" + DIGEST, new Route.OneManifest(name("a"), null, DIGEST)),
      new Case("/v2/a/blobs/" + DIGEST, new Route.OneBlob(name("a"), DIGEST)),
      new Case(
          "/v2/a/blobs/" + DIGEST.toString().replace(":", "%3a"),
          new Route.OneBlob(name("a"), DIGEST)),
      new Case("/v2/a/blobs/uploads/", new Route.AllUploads(name("a"))),
      new Case("/v2/a/blobs/uploads", new Route.AllUploads(name("a"))),
      new Case("/v2/a/blobs/uploads/id", new Route.OneUpload(name("a"), "id")),
      new Case("/v2/a/referrers/" + DIGEST, new Route.ReferrersOf(name("a"), DIGEST)),
      // Repositories that are called like parts of the API.
      new Case("/v2/tags/tags/list", new Route.TagList(name("tags"))),
      new Case("/v2/tags/list/tags/list", new Route.TagList(name("tags/list"))),
      new Case("/v2/v2/manifests/v2", new Route.OneManifest(name("v2"), "v2", null)),
      new Case("/v2/manifests/manifests/manifests", manifest("manifests", "manifests")),
      new Case("/v2/a/blobs/uploads/manifests/x", manifest("a/blobs/uploads", "x")),
      new Case("/v2/a/blobs/uploads/blobs/uploads/", new Route.AllUploads(name("a/blobs/uploads"))),
      new Case(
          "/v2/blobs/uploads/blobs/uploads/i", new Route.OneUpload(name("blobs/uploads"), "i")),
      new Case("/v2/blobs/blobs/" + DIGEST, new Route.OneBlob(name("blobs"), DIGEST)),
      new Case(
          "/v2/a/referrers/referrers/" + DIGEST,
          new Route.ReferrersOf(name("a/referrers"), DIGEST)),
    };
  }

  @ParameterizedTest
  @MethodSource("routes")
  void readsFromTheRight(Case expected) throws Exception {
    assertThat(Route.parse(expected.path())).isEqualTo(expected.route());
  }

  @ParameterizedTest
  @CsvSource({
    "/, UNSUPPORTED, 404",
    "/v1/, UNSUPPORTED, 404",
    "/token/, UNSUPPORTED, 404",
    "/%74oken, UNSUPPORTED, 404",
    "/v2/a, UNSUPPORTED, 404",
    "/v2/_catalogue, UNSUPPORTED, 404",
    "/v2/a/_catalog, UNSUPPORTED, 404",
    "/v2/a/tags, UNSUPPORTED, 404",
    "/v2/a/tags/, UNSUPPORTED, 404",
    "/v2/a/tags/list/, UNSUPPORTED, 404",
    "/v2/tags/list, NAME_INVALID, 400",
    "/v2/manifests/v1, NAME_INVALID, 400",
    "/v2/blobs/uploads/, UNSUPPORTED, 404",
    "/v2/A/tags/list, NAME_INVALID, 400",
    "/v2/a/B/tags/list, NAME_INVALID, 400",
    "/v2/-a/tags/list, NAME_INVALID, 400",
    "/v2/a..b/tags/list, NAME_INVALID, 400",
    "/v2/a~b/tags/list, NAME_INVALID, 400",
    "/v2/a:b/tags/list, NAME_INVALID, 400",
    "/v2/a/manifests/, MANIFEST_INVALID, 400",
    "/v2/a/manifests/.hidden, MANIFEST_INVALID, 400",
    "/v2/a/manifests/sha256:x, DIGEST_INVALID, 400",
    "/v2/a/manifests/md5:abc, DIGEST_INVALID, 400",
    "/v2/a/manifests/v1:x, DIGEST_INVALID, 400",
    "/v2/a/blobs/sha256, DIGEST_INVALID, 400",
    "/v2/a/blobs/, DIGEST_INVALID, 400",
    "/v2/a/referrers/latest, DIGEST_INVALID, 400",
  })
  void refuses(String path, ErrorCode code, int status) {
    assertThatThrownBy(() -> Route.parse(path))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.status()).isEqualTo(status);
            });
  }

  @Test
  void refusesNamesAndDigestsOfAnyLength() {
    for (var path :
        new String[] {
          "/v2/" + "a".repeat(300) + "/tags/list",
          "/v2/" + "a/".repeat(5000) + "tags/list",
          "/v2/a/blobs/sha256:" + "a".repeat(10_000),
          "/v2/a/blobs/sha256:" + DIGEST.hex().toUpperCase(java.util.Locale.ROOT),
          "/v2/a/manifests/" + "a".repeat(129),
        }) {
      assertThatThrownBy(() -> Route.parse(path)).isInstanceOf(RegistryException.class);
    }
  }

  private static Route.OneManifest manifest(String repository, String tag) {
    return new Route.OneManifest(name(repository), tag, null);
  }

  private static RepositoryName name(String value) {
    return new RepositoryName(value);
  }
}
