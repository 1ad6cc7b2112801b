package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.client.Credentials;
import dev.referee.client.RegistryClient;
import dev.referee.client.RegistryClientConfig;
import dev.referee.oci.BlobContent;
import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.MediaType;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The client of this project at a registry that gives tokens.
class TokenClientIT {
  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private TokenFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new TokenFixture(folder);
  }

  @AfterEach
  void stop() throws Exception {
    fixture.close();
    vertx.close().await();
  }

  @Test
  void pushesAndPullsByAPasswordAndByAnAccountsToken() throws Exception {
    for (var credentials :
        new Credentials[] {
          new Credentials.Basic("ci", "ci-password"),
          new Credentials.IdentityToken(fixture.accountToken())
        }) {
      try (var client = client(credentials)) {
        var text = "pushed by " + credentials;
        push(client, "shop/cart", text);
        // The token that it has ends; it gets another.
        fixture.clock.advance(Duration.ofMinutes(6));
        assertThat(pull(client, "shop/cart", text)).isEqualTo(text);
      }
    }
  }

  @Test
  void pullsWhatIsPublicAsNobody() throws Exception {
    try (var ci = client(new Credentials.Basic("ci", "ci-password"));
        var nobody = client(Credentials.ANONYMOUS)) {
      push(ci, "public/app", "open");
      push(ci, "shop/cart", "closed");

      assertThat(pull(nobody, "public/app", "open")).isEqualTo("open");
      assertRefused(() -> pull(nobody, "shop/cart", "closed"), SourceReason.UNAUTHORIZED);
      assertRefused(() -> push(nobody, "public/app", "more"), SourceReason.UNAUTHORIZED);
    }
  }

  @Test
  void hearsOfAWrongPassword() throws Exception {
    try (var wrong = client(new Credentials.Basic("ci", "wrong"))) {
      assertRefused(() -> push(wrong, "shop/cart", "x"), SourceReason.UNAUTHORIZED);
    }
  }

  @FunctionalInterface
  private interface Attempt {
    Object run() throws Exception;
  }

  private static void assertRefused(Attempt attempt, SourceReason reason) {
    assertThatThrownBy(attempt::run)
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private RegistryClient client(Credentials credentials) {
    return new RegistryClient(
        vertx,
        RegistryClientConfig.defaults()
            .with(_ -> credentials)
            .withPlainHttp(Set.of(fixture.registry().uri().getAuthority())));
  }

  private Descriptor push(RegistryClient client, String repository, String text) throws Exception {
    var content = text.getBytes(UTF_8);
    var descriptor = Descriptor.of(MediaType.of("text/plain"), content);
    client
        .open(repository(repository), Deadline.in(Duration.ofMinutes(2)))
        .putBlob(descriptor, BlobContent.of(content));
    return descriptor;
  }

  private String pull(RegistryClient client, String repository, String text) throws Exception {
    var descriptor = Descriptor.of(MediaType.of("text/plain"), text.getBytes(UTF_8));
    try (var blob =
        client
            .open(repository(repository), Deadline.in(Duration.ofMinutes(2)))
            .blob(descriptor)
            .orElseThrow()) {
      return new String(blob.readAllBytes(), UTF_8);
    }
  }

  private Repository repository(String name) {
    return new Repository(fixture.registry().uri().getAuthority(), name);
  }
}
