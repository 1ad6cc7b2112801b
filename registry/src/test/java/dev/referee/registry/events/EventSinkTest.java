package dev.referee.registry.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.referee.registry.Registry;
import dev.referee.registry.RegistryConfig;
import dev.referee.registry.content.RepositoryName;
import dev.referee.server.ListenAddress;
import dev.referee.testing.ScriptedServer;
import dev.referee.testing.tls.CertificateAuthority;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Who vouches for a sink, over real TLS.
class EventSinkTest {
  private static final URI SOURCE = URI.create("https://registry.test:5000");
  private static final Duration NO_PAUSE = Duration.ofMillis(1);

  @TempDir private Path folder;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final CertificateAuthority authority = CertificateAuthority.create("CN=sinks");
  private final CertificateAuthority other = CertificateAuthority.create("CN=sinks");
  private final ScriptedServer sink =
      ScriptedServer.start(authority.server("CN=sink", List.of("127.0.0.1")))
          .on("POST /events", ScriptedServer.reply(204, ""));
  private final Logger log = (Logger) LoggerFactory.getLogger(HttpEvents.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    log.addAppender(logged);
  }

  @AfterEach
  void stop() {
    log.detachAppender(logged);
    sink.close();
  }

  @Test
  void tellsASinkOfItsAuthority() throws Exception {
    try (var events = start(file(authority.certificatePem()))) {
      publish(events, "v1");
    }
    assertThat(counted("delivered")).isEqualTo(1);
    assertThat(logged.list).isEmpty();
  }

  /// An authority of the same name with another key is another authority.
  @Test
  void tellsNothingToASinkOfAnotherAuthority() throws Exception {
    var file = file(other.certificatePem());
    try (var events = start(file)) {
      publish(events, "v1");
      publish(events, "v2");
    }
    assertThat(counted("failed")).isEqualTo(2);
    assertThat(sink.asked()).isEmpty();
    assertThat(logged.list)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .asString()
        .contains(sink.url(), file.toString(), "TLS", "events are lost");
  }

  @Test
  void tellsNothingToASinkOfAnotherName() throws Exception {
    var elsewhere = authority.server("CN=sink", List.of("sink.example.com"));
    try (var misnamed = ScriptedServer.start(elsewhere);
        var events =
            start(
                new EventSettings(URI.create(misnamed.url()), null)
                    .trusting(file(authority.certificatePem())))) {
      publish(events, "v1");
      awaitCounted("failed", 1);
      assertThat(misnamed.asked()).isEmpty();
    }
  }

  /// The JDK's authorities know nothing of this one.
  @Test
  void trustsTheSystemsAuthoritiesWhereNoneAreNamed() throws Exception {
    try (var events = start((Path) null)) {
      publish(events, "v1");
    }
    assertThat(counted("failed")).isEqualTo(1);
    assertThat(sink.asked()).isEmpty();
    assertThat(logged.list.getFirst().getFormattedMessage()).contains("authorities of the system");
  }

  /// A renewed file counts at once: also against a connection that is open.
  @Test
  void takesUpAuthoritiesThatWereReplaced() throws Exception {
    var file = file(authority.certificatePem());
    try (var events = start(file)) {
      publish(events, "v1");
      awaitCounted("delivered", 1);
      Files.writeString(file, other.certificatePem());
      publish(events, "v2");
      awaitCounted("failed", 1);
      Files.writeString(file, other.certificatePem() + authority.certificatePem());
      publish(events, "v3");
      awaitCounted("delivered", 2);
      publish(events, "v4");
      awaitCounted("delivered", 3);
    }
    assertThat(sink.asked()).hasSize(3);
    // The same authorities are the same connection.
    assertThat(sink.asked().get(2).connection()).isEqualTo(sink.asked().get(1).connection());
    assertThat(sink.asked().get(1).connection()).isNotEqualTo(sink.asked().get(0).connection());
  }

  @Test
  void losesEventsWhileItsAuthoritiesCannotBeRead() throws Exception {
    var file = file(authority.certificatePem());
    try (var events = start(file)) {
      Files.delete(file);
      publish(events, "v1");
      awaitCounted("failed", 1);
      Files.writeString(file, authority.certificatePem().substring(0, 100));
      publish(events, "v2");
      awaitCounted("failed", 2);
      Files.writeString(file, authority.certificatePem());
      publish(events, "v3");
    }
    assertThat(counted("delivered")).isEqualTo(1);
    assertThat(logged.list)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .asString()
        .contains(file + " is not there");
  }

  @Test
  void saysAtOnceThatItsAuthoritiesAreNotThere() throws Exception {
    var absent = folder.resolve("absent.pem");
    assertThatThrownBy(() -> open(absent))
        .isInstanceOf(IOException.class)
        .hasMessage("the authorities of the sink of events: %s is not there", absent);
    var none = Files.writeString(folder.resolve("none.pem"), "no certificate\n");
    assertThatThrownBy(() -> open(none))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(none.toString());
  }

  @Test
  void aRegistryDoesNotStartWithoutThem() throws Exception {
    var settings =
        new EventSettings(URI.create(sink.url()), null).trusting(folder.resolve("absent.pem"));
    var config =
        RegistryConfig.of(folder.resolve("root"), new ListenAddress("127.0.0.1", 0))
            .events(settings)
            .build();
    assertThatThrownBy(() -> Registry.start(config))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("absent.pem is not there");
  }

  private Path file(String pem) throws IOException {
    return Files.writeString(folder.resolve("ca.pem"), pem);
  }

  private EventSink open(@Nullable Path authorities) throws IOException {
    return EventSink.open(
        new EventSettings(URI.create(sink.url() + "/events"), null).trusting(authorities));
  }

  private HttpEvents start(@Nullable Path authorities) throws IOException {
    return HttpEvents.start(open(authorities), SOURCE, meters, NO_PAUSE);
  }

  private HttpEvents start(EventSettings settings) throws IOException {
    return HttpEvents.start(EventSink.open(settings), SOURCE, meters, NO_PAUSE);
  }

  private static void publish(HttpEvents events, String tag) {
    events.publish(RegistryEvent.deleted(Instant.EPOCH, new RepositoryName("shop/cart"), tag));
  }

  private void awaitCounted(String outcome, int count) {
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> counted(outcome) == count);
  }

  private double counted(String outcome) {
    return meters.get("referee.registry.events").tag("outcome", outcome).counter().count();
  }
}
