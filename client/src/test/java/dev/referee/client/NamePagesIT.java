package dev.referee.client;

import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;
import static dev.referee.oci.SourceReason.TOO_MANY;
import static dev.referee.testing.ScriptedServer.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Deadline;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.testing.ScriptedServer;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Lists of names against servers that go on in every way.
class NamePagesIT {
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
  void readsTagsPageByPage() throws SourceException {
    server
        .on(
            "GET /v2/app/tags/list",
            reply(
                200,
                "{\"name\":\"app\",\"tags\":[\"a\",\"b\"]}",
                "Link",
                "</v2/app/tags/list?last=b>; rel=\"next\""))
        .on("GET /v2/app/tags/list?last=b", reply(200, "{\"name\":\"app\",\"tags\":[\"c\"]}"));

    assertThat(app().tags(10)).containsExactly("a", "b", "c");
    assertThat(app().tags(2)).containsExactly("a", "b");
    assertThat(repository("none").tags(10)).isEmpty();
  }

  @Test
  void readsTheCatalogPageByPage() throws SourceException {
    server
        .on(
            "GET /v2/_catalog",
            reply(
                200,
                "{\"repositories\":[\"app\",\"team/app\"]}",
                "Link",
                "</v2/_catalog?last=team%2Fapp>; rel=\"next\""))
        .on("GET /v2/_catalog?last=team%2Fapp", reply(200, "{\"repositories\":[\"z\"]}"));

    assertThat(client.repositories(server.host(), 10, soon()))
        .containsExactly("app", "team/app", "z");
    assertThat(client.repositories(server.host(), 1, soon())).containsExactly("app");
  }

  @Test
  void refusesACatalogThatIsNone() throws SourceException {
    assertThat(client.repositories(server.host(), 10, soon())).isEmpty();

    server.on("GET /v2/_catalog", reply(200, "<html>"));
    assertReason(() -> client.repositories(server.host(), 10, soon()), MALFORMED_RESPONSE);

    server.on(
        "GET /v2/_catalog",
        reply(200, "{\"repositories\":[]}", "Link", "<http://169.254.169.254/x>; rel=\"next\""));
    assertReason(() -> client.repositories(server.host(), 10, soon()), MALFORMED_RESPONSE);
  }

  @Test
  void refusesEndlessAndForeignPages() {
    server.on(
        "GET /v2/app/tags/list",
        reply(200, "{\"tags\":[]}", "Link", "</v2/app/tags/list?last=x>; rel=next"));
    assertReason(() -> app().tags(10), TOO_MANY);

    server.on(
        "GET /v2/app/tags/list",
        reply(200, "{\"tags\":[]}", "Link", "<http://169.254.169.254/x>; rel=\"next\""));
    assertReason(() -> app().tags(10), MALFORMED_RESPONSE);
  }

  private RemoteRepository app() {
    return repository("app");
  }

  private RemoteRepository repository(String path) {
    return client.open(new Repository(server.host(), path), soon());
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(15));
  }

  private static void assertReason(ThrowingCallable call, SourceReason reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SourceException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }
}
