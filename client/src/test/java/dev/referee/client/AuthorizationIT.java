package dev.referee.client;

import static dev.referee.oci.SourceReason.REALM_REFUSED;
import static dev.referee.oci.SourceReason.UNAUTHORIZED;
import static dev.referee.testing.ScriptedServer.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.MediaType;
import dev.referee.oci.Reference;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.testing.ScriptedServer;
import dev.referee.testing.ScriptedServer.Asked;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who is told what secret. Every test that names an advisory is about credentials that went
/// elsewhere.
class AuthorizationIT {
  private static final Credentials.Basic BASIC = new Credentials.Basic("user", "secret");
  private static final byte[] MANIFEST = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(UTF_8);
  private static final String MANIFEST_PATH = "GET /v2/app/manifests/v1";

  private final Vertx vertx = Vertx.vertx();
  private final ScriptedServer server = ScriptedServer.start();
  private final ScriptedServer elsewhere = ScriptedServer.start();
  private final RegistryClient anonymous =
      new RegistryClient(vertx, RegistryClientConfig.defaults());
  private final RegistryClient user =
      new RegistryClient(vertx, RegistryClientConfig.defaults().with(repository -> BASIC));

  @AfterEach
  void close() {
    server.close();
    elsewhere.close();
    anonymous.close();
    user.close();
    vertx.close().await();
  }

  @Test
  void answersABasicChallenge() throws SourceException {
    server.on(MANIFEST_PATH, requiring(BASIC.header(), "Basic realm=\"r\""));

    assertThat(app(user).manifest("v1")).isPresent();
    assertThat(app(user).manifest("v1")).isPresent();

    // Once refused, once answered; from then on the proof is offered at once.
    assertThat(authorizations(server)).containsSubsequence("", BASIC.header(), BASIC.header());
    assertThat(server.lines().stream().filter(MANIFEST_PATH::equals)).hasSize(3);
    assertReason(() -> app(anonymous).manifest("v1"), UNAUTHORIZED);
  }

  @Test
  void fetchesATokenAnonymouslyAndWithAPassword() throws SourceException {
    server
        .on(MANIFEST_PATH, requiring("Bearer t1", bearer(server.url() + "/token")))
        .on("GET /token", reply(200, "{\"token\":\"t1\",\"expires_in\":300}"));

    assertThat(app(anonymous).manifest("v1")).isPresent();
    assertThat(server.asked())
        .filteredOn(a -> a.line().startsWith("GET /token"))
        .singleElement()
        .satisfies(
            a -> {
              // The scope is ours: some registries put a literal example into their challenges.
              assertThat(a.line()).isEqualTo("GET /token?service=r&scope=repository%3Aapp%3Apull");
              assertThat(a.authorization()).isEmpty();
            });

    assertThat(app(user).manifest("v1")).isPresent();
    assertThat(server.asked())
        .filteredOn(a -> a.line().startsWith("GET /token"))
        .last()
        .extracting(Asked::authorization)
        .isEqualTo(BASIC.header());
  }

  @Test
  void exchangesAnIdentityToken() throws SourceException {
    server
        .on(MANIFEST_PATH, requiring("Bearer t1", bearer(server.url() + "/token")))
        .on("POST /token", reply(200, "{\"access_token\":\"t1\"}"));
    try (var client =
        new RegistryClient(
            vertx,
            RegistryClientConfig.defaults()
                .with(repository -> new Credentials.IdentityToken("re fresh")))) {
      assertThat(app(client).manifest("v1")).isPresent();
    }

    assertThat(server.asked())
        .filteredOn(a -> a.line().equals("POST /token"))
        .singleElement()
        .satisfies(
            a ->
                assertThat(a.body())
                    .contains("grant_type=refresh_token", "refresh_token=re+fresh", "service=r"));
  }

  @Test
  void fetchesANewTokenWhenTheOldOneIsRefused() throws SourceException {
    var count = new AtomicInteger();
    server
        .on(
            "GET /token",
            exchange ->
                reply(200, "{\"token\":\"t%d\"}".formatted(count.incrementAndGet()))
                    .answer(exchange))
        .on(
            MANIFEST_PATH,
            exchange ->
                requiring("Bearer t" + Math.max(1, count.get()), bearer(server.url() + "/token"))
                    .answer(exchange));

    assertThat(app(anonymous).manifest("v1")).isPresent();
    count.incrementAndGet();
    assertThat(app(anonymous).manifest("v1")).isPresent();

    assertThat(server.lines().stream().filter(l -> l.startsWith("GET /token"))).hasSize(2);
  }

  /// 32 requests that are all challenged: one token.
  @Test
  void fetchesEqualTokensOnce() throws Exception {
    server
        .on(MANIFEST_PATH, requiring("Bearer t1", bearer(server.url() + "/token")))
        .on("GET /token", reply(200, "{\"token\":\"t1\",\"expires_in\":300}"));

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all =
          IntStream.range(0, 32)
              .<Future<?>>mapToObj(i -> threads.submit(() -> app(anonymous).manifest("v1")))
              .toList();
      for (var one : all) {
        one.get();
      }
    }

    assertThat(server.lines().stream().filter(l -> l.startsWith("GET /token"))).hasSize(1);
  }

  @Test
  void asksForPushWhenItPushes() throws SourceException {
    server
        .on("PUT /v2/app/manifests/v1", requiring("Bearer t1", bearer(server.url() + "/token")))
        .on("GET /token", reply(200, "{\"token\":\"t1\"}"));

    assertReason(
        () -> app(anonymous).putManifest(MANIFEST, MediaType.OCI_INDEX, "v1"),
        SourceReason.MALFORMED_RESPONSE);

    assertThat(server.lines()).anyMatch(l -> l.endsWith("scope=repository%3Aapp%3Apull%2Cpush"));
    // The body was sent again with the proof.
    assertThat(server.asked().getLast().body()).isEqualTo(new String(MANIFEST, UTF_8));
  }

  /// CVE-2026-48978, CVE-2026-33540: a challenge that wants our password sent elsewhere.
  @Test
  void givesThePasswordToNoForeignTokenService() {
    server.on(MANIFEST_PATH, requiring("Bearer t", bearer(elsewhere.url() + "/token")));

    assertReason(() -> app(user).manifest("v1"), REALM_REFUSED);

    assertThat(elsewhere.asked()).isEmpty();
  }

  @Test
  void fetchesAnAnonymousTokenFromAForeignTokenService() throws SourceException {
    server.on(MANIFEST_PATH, requiring("Bearer t", bearer(elsewhere.url() + "/token")));
    elsewhere.on("GET /token", reply(200, "{\"token\":\"t\"}"));

    assertThat(app(anonymous).manifest("v1")).isPresent();
    assertThat(authorizations(elsewhere)).containsOnly("");
  }

  /// N86, CVE-2026-12566: a token service at a cloud's metadata address.
  @Test
  void n86NeverAsksAMetadataServiceForAToken() {
    server.on(MANIFEST_PATH, requiring("Bearer t", bearer("http://169.254.169.254/token")));

    assertReason(() -> app(anonymous).manifest("v1"), SourceReason.ADDRESS_REFUSED);
  }

  @Test
  void refusesATokenServiceThatIsNoUrl() {
    for (var realm : List.of("ftp://x/", "http://u:p@x/", "http://[::", "")) {
      server.on(MANIFEST_PATH, requiring("Bearer t", bearer(realm)));
      assertThatThrownBy(() -> app(user).manifest("v1")).isInstanceOf(SourceException.class);
    }
    assertThat(authorizations(server)).allSatisfy(a -> assertThat(a).isNotEqualTo("Bearer t"));
  }

  /// GHSA-vh4v-2xq2-g5cg: a redirect must not take the proof along.
  @Test
  void takesNoProofAcrossARedirect() throws SourceException {
    var descriptor = Descriptor.of(MediaType.of("text/plain"), "content".getBytes(UTF_8));
    server
        .on(MANIFEST_PATH, requiring(BASIC.header(), "Basic realm=\"r\""))
        .on(
            "GET /v2/app/blobs/" + descriptor.digest(),
            reply(307, "", "Location", elsewhere.url() + "/data"));
    elsewhere.on("GET /data", reply(200, "content"));
    var repository = app(user);
    assertThat(repository.manifest("v1")).isPresent();

    assertThat(repository.blobBytes(descriptor, 100)).isPresent();

    assertThat(server.asked().getLast().authorization()).isEqualTo(BASIC.header());
    assertThat(authorizations(elsewhere)).containsOnly("");
  }

  /// A stranger that a redirect leads to may ask as much as it likes.
  @Test
  void answersNoChallengeOfAStranger() {
    server.on(MANIFEST_PATH, reply(307, "", "Location", elsewhere.url() + "/data"));
    elsewhere.on("GET /data", requiring("Bearer t", bearer(elsewhere.url() + "/token")));

    assertReason(() -> app(user).manifest("v1"), UNAUTHORIZED);

    assertThat(authorizations(elsewhere)).containsOnly("");
    assertThat(elsewhere.lines()).containsExactly("GET /data");
  }

  /// CVE-2026-50151: an upload that goes on elsewhere goes on without the proof.
  @Test
  void takesNoProofToAnUploadElsewhere() throws SourceException {
    server
        .on(
            "HEAD /v2/app/blobs/sha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73",
            requiringStatus(BASIC.header(), "Basic realm=\"r\"", 404))
        .on("POST /v2/app/blobs/uploads/", reply(202, "", "Location", elsewhere.url() + "/upload"));
    elsewhere.on("PUT /upload", reply(201, ""));

    app(user).putBlob(MediaType.of("text/plain"), "content".getBytes(UTF_8));

    assertThat(elsewhere.asked()).singleElement().extracting(Asked::authorization).isEqualTo("");
    assertThat(elsewhere.asked().getFirst().body()).isEqualTo("content");
  }

  @Test
  void refusesTokensThatAreNone() {
    server.on(MANIFEST_PATH, requiring("Bearer t", bearer(server.url() + "/token")));
    for (var body :
        List.of(
            "",
            "{}",
            "[]",
            "{\"token\":\"\"}",
            "{\"token\":\"a\\r\\nX: y\"}",
            "x".repeat(100_000))) {
      server.on("GET /token", reply(200, body));
      assertThatThrownBy(() -> app(anonymous).manifest("v1")).isInstanceOf(SourceException.class);
    }
    server.on("GET /token", reply(401, ""));
    assertReason(() -> app(anonymous).manifest("v1"), UNAUTHORIZED);
  }

  private static ScriptedServer.Answer requiring(String header, String challenge) {
    return exchange -> {
      if (header.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        found(exchange);
      } else {
        reply(401, "", "WWW-Authenticate", challenge).answer(exchange);
      }
    };
  }

  private static ScriptedServer.Answer requiringStatus(
      String header, String challenge, int status) {
    return exchange ->
        (header.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                ? reply(status, "")
                : reply(401, "", "WWW-Authenticate", challenge))
            .answer(exchange);
  }

  private static void found(HttpExchange exchange) throws IOException {
    reply(200, MANIFEST, "Content-Type", MediaType.OCI_INDEX.value()).answer(exchange);
  }

  private static String bearer(String realm) {
    return "Bearer realm=\"%s\",service=\"r\",scope=\"repository:user/image:pull\""
        .formatted(realm);
  }

  private static List<String> authorizations(ScriptedServer server) {
    return server.asked().stream().map(Asked::authorization).toList();
  }

  private RemoteRepository app(RegistryClient client) {
    return client.open(
        Reference.parse(server.host() + "/app").repository(), Deadline.in(Duration.ofSeconds(15)));
  }

  private static void assertReason(ThrowingCallable call, SourceReason reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SourceException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }
}
