package dev.referee.client;

import static dev.referee.oci.SourceReason.FORBIDDEN;
import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;
import static dev.referee.oci.SourceReason.SERVER_ERROR;
import static dev.referee.oci.SourceReason.TOO_MANY;
import static dev.referee.testing.ScriptedServer.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.oci.Reference;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.testing.ScriptedServer;
import dev.referee.testing.ScriptedServer.Answer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The referrers API as real registries answer it, and as they say that they do not have it.
class ReferrersIT {
  private static final Digest SUBJECT = Digest.of("image".getBytes(UTF_8));
  private static final String PATH = "GET /v2/app/referrers/" + SUBJECT;
  private static final String INDEX = MediaType.OCI_INDEX.value();

  private final Vertx vertx = Vertx.vertx();
  private final RegistryClient client = new RegistryClient(vertx, RegistryClientConfig.defaults());
  private final ScriptedServer server = ScriptedServer.start();

  @AfterEach
  void close() {
    server.close();
    client.close();
    vertx.close().await();
  }

  @Test
  void readsEveryPage() throws SourceException {
    server
        .on(
            PATH,
            reply(
                200,
                index(0, 2),
                "Content-Type",
                INDEX,
                "Link",
                "<%s?page=2>; rel=\"next\"".formatted(PATH.substring(4))))
        .on(PATH + "?page=2", reply(200, index(2, 3), "Content-Type", INDEX + "; charset=utf-8"));

    var list = app().referrers(SUBJECT);

    assertThat(list.supported()).isTrue();
    assertThat(list.descriptors())
        .extracting(Descriptor::artifactType)
        .containsExactly("t/0", "t/1", "t/2");
  }

  @Test
  void takesAnEmptyListForAnAnswer() throws SourceException {
    server.on(PATH, reply(200, index(0, 0), "Content-Type", INDEX));

    assertThat(app().referrers(SUBJECT).supported()).isTrue();
  }

  /// distribution, GHCR, GAR, Quay and others, each in its own way.
  static Stream<Answer> unsupported() {
    return Stream.of(
        reply(404, "404 page not found", "Content-Type", "text/plain"),
        reply(
            404,
            "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}",
            "Content-Type",
            "application/json"),
        reply(
            400,
            "{\"errors\":[{\"code\":\"MANIFEST_INVALID\"}]}",
            "Content-Type",
            "application/json"),
        reply(405, ""),
        reply(406, ""),
        reply(501, ""),
        reply(200, "<html></html>", "Content-Type", "text/html"),
        reply(200, "{}", "Content-Type", "application/json"),
        reply(200, "{}", "Content-Type", INDEX),
        reply(200, "not json", "Content-Type", INDEX),
        reply(200, index(0, 1)),
        reply(303, "", "Location", "https://web.example.com/login"),
        reply(302, "", "Location", "https://accounts.example.com/ServiceLogin"));
  }

  @ParameterizedTest
  @MethodSource("unsupported")
  void knowsThatTheApiIsNotThere(Answer answer) throws SourceException {
    server.on(PATH, answer);

    assertThat(app().referrers(SUBJECT).supported()).isFalse();
  }

  /// A refusal or an outage is not the absence of signatures.
  @Test
  void doesNotTakeAFaultForAnAnswer() {
    server.on(PATH, reply(403, ""));
    assertReason(FORBIDDEN);
    server.on(PATH, reply(500, ""));
    assertReason(SERVER_ERROR);
  }

  /// N07: pages without end, in a circle and ever new.
  @Test
  void n07StopsAtPagesWithoutEnd() throws SourceException {
    server.on(
        PATH,
        reply(
            200,
            index(0, 1),
            "Content-Type",
            INDEX,
            "Link",
            "<%s>; rel=\"next\"".formatted(PATH.substring(4))));
    assertReason(TOO_MANY);

    server.on(
        PATH,
        exchange -> {
          var query = exchange.getRequestURI().getQuery();
          int page = query == null ? 0 : Integer.parseInt(query.substring(2));
          reply(
                  200,
                  index(0, 0),
                  "Content-Type",
                  INDEX,
                  "Link",
                  "<?p=%d>; rel=\"next\"".formatted(page + 1))
              .answer(exchange);
        });
    assertReason(TOO_MANY);
    assertThat(server.lines()).hasSizeLessThan(120);
  }

  /// N07: more referrers than would ever be opened. What was read is enough to say so.
  @Test
  void n07ReadsNoMoreEntriesThanAreOpened() throws SourceException {
    server.on(
        PATH,
        exchange -> {
          var query = exchange.getRequestURI().getQuery();
          int page = query == null ? 0 : Integer.parseInt(query.substring(2));
          reply(
                  200,
                  index(page * 1000, page * 1000 + 1000),
                  "Content-Type",
                  INDEX,
                  "Link",
                  "<?p=%d>; rel=\"next\"".formatted(page + 1))
              .answer(exchange);
        });

    assertThat(app().referrers(SUBJECT).descriptors()).hasSize(4000);
    assertThat(server.lines()).hasSizeLessThan(6);
  }

  /// A list that goes on at another host would take our credentials there.
  @Test
  void refusesAListThatGoesOnElsewhere() {
    try (var elsewhere = ScriptedServer.start()) {
      server.on(
          PATH,
          reply(
              200,
              index(0, 1),
              "Content-Type",
              INDEX,
              "Link",
              "<%s/next>; rel=\"next\"".formatted(elsewhere.url())));

      assertReason(MALFORMED_RESPONSE);
      assertThat(elsewhere.asked()).isEmpty();
    }
  }

  /// Where the registry takes no note of a subject, the client keeps the list.
  @Test
  void keepsTheFallbackTagWhereTheRegistryDoesNot() throws SourceException {
    var manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","artifactType":"t/x","config":%s,"layers":[],
         "subject":{"mediaType":"%s","digest":"%s","size":5},"annotations":{"a":"b"}}
        """
            .formatted(MediaType.OCI_MANIFEST, emptyConfig(), MediaType.OCI_MANIFEST, SUBJECT)
            .getBytes(UTF_8);
    var digest = Digest.of(manifest);
    server
        .on("PUT /v2/app/manifests/" + digest, reply(201, ""))
        .on(
            "GET /v2/app/manifests/" + SUBJECT.tagForm(),
            reply(200, index(0, 1), "Content-Type", INDEX))
        .on("PUT /v2/app/manifests/" + SUBJECT.tagForm(), reply(201, ""));

    app().putManifest(manifest, MediaType.OCI_MANIFEST, null);

    assertThat(server.asked().getLast().line()).endsWith(SUBJECT.tagForm());
    assertThat(server.asked().getLast().body())
        .contains("t/0")
        .contains("\"artifactType\":\"t/x\",\"annotations\":{\"a\":\"b\"}")
        .contains(digest.toString());

    server.on("PUT /v2/app/manifests/" + digest, reply(201, "", "OCI-Subject", SUBJECT.toString()));
    int before = server.asked().size();
    app().putManifest(manifest, MediaType.OCI_MANIFEST, null);
    assertThat(server.asked()).hasSize(before + 1);
  }

  private static String emptyConfig() {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":2}"
        .formatted(MediaType.OCI_EMPTY, Descriptor.EMPTY_JSON.digest());
  }

  private static String index(int from, int to) {
    var entries =
        IntStream.range(from, to)
            .mapToObj(
                i ->
                    "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1,\"artifactType\":\"t/%d\"}"
                        .formatted(MediaType.OCI_MANIFEST, Digest.of(("r" + i).getBytes(UTF_8)), i))
            .toList();
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
        .formatted(INDEX, String.join(",", entries));
  }

  private RemoteRepository app() {
    return client.open(
        Reference.parse(server.host() + "/app").repository(), Deadline.in(Duration.ofSeconds(15)));
  }

  private void assertReason(SourceReason reason) {
    assertThatThrownBy(() -> app().referrers(SUBJECT))
        .isInstanceOfSatisfying(
            SourceException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }
}
