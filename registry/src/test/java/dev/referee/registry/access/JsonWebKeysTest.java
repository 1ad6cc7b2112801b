package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.MalformedContentException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWebKeysTest {
  private final MovingClock clock = new MovingClock();
  private final Deque<byte[]> published = new ArrayDeque<>();
  private int fetches;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"keys\":[]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a\"}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"!\",\"e\":\"AQAB\"}]}",
        "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AQAB\"}]}",
        "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"a\",\"crv\":\"P-384\"}]}",
        "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"a\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}]}",
      })
  void refusesWhatHasNoUsableKey(String content) {
    assertThatThrownBy(() -> JsonWebKeys.parse(content.getBytes(UTF_8)))
        .isInstanceOf(MalformedContentException.class);
  }

  @Test
  void refusesOneIdForTwoKeys() {
    var one = TestIssuer.es256("a");
    var two = TestIssuer.es256("a");

    assertThatThrownBy(() -> JsonWebKeys.parse(TestIssuer.jwks(one, two)))
        .isInstanceOf(MalformedContentException.class);
  }

  @Test
  void asksAgainForAKeyThatIsNewButNotTooOften() throws Exception {
    var old = TestIssuer.es256("old");
    var fresh = TestIssuer.es256("new");
    published.add(TestIssuer.jwks(old));
    published.add(TestIssuer.jwks(old, fresh));
    var keys = new RememberedKeys(this::fetch, clock);

    assertThat(keys.find("old")).isPresent();
    assertThat(keys.find("new")).isEmpty();
    for (int i = 0; i < 100; i++) {
      assertThat(keys.find("invented-" + i)).isEmpty();
    }
    assertThat(fetches).isEqualTo(1);
    clock.advance(RememberedKeys.PAUSE);
    assertThat(keys.find("new")).isPresent();
    assertThat(fetches).isEqualTo(2);
  }

  @Test
  void forgetsAKeyThatWasWithdrawn() throws Exception {
    published.add(TestIssuer.jwks(TestIssuer.es256("old")));
    published.add(TestIssuer.jwks(TestIssuer.es256("new")));
    var keys = new RememberedKeys(this::fetch, clock);

    assertThat(keys.find("old")).isPresent();
    clock.advance(RememberedKeys.FRESH.plusSeconds(1));
    assertThat(keys.find("old")).isEmpty();
  }

  @Test
  void goesOnForAWhileWithoutTheIssuer() throws Exception {
    published.add(TestIssuer.jwks(TestIssuer.es256("old")));
    var keys = new RememberedKeys(this::fetch, clock);

    assertThat(keys.find("old")).isPresent();
    clock.advance(RememberedKeys.USABLE);
    assertThat(keys.find("old")).isPresent();
    clock.advance(Duration.ofSeconds(1));
    assertThatThrownBy(() -> keys.find("old")).isInstanceOf(IOException.class);
  }

  /// Tokens of known keys do not wait for an issuer that hangs.
  @Test
  void usesWhatItKnowsWhileTheIssuerIsSlow() throws Exception {
    published.add(TestIssuer.jwks(TestIssuer.es256("old")));
    var asked = new CountDownLatch(2);
    var answered = new CountDownLatch(1);
    var keys =
        new RememberedKeys(
            () -> {
              asked.countDown();
              if (asked.getCount() == 0) {
                await(answered);
              }
              return fetch();
            },
            clock);
    assertThat(keys.find("old")).isPresent();
    clock.advance(RememberedKeys.FRESH.plusSeconds(1));

    // The first waits a little, the others not at all, and all have an answer.
    for (int i = 0; i < 100; i++) {
      assertThat(keys.find("old")).isPresent();
    }
    asked.await();
    assertThatThrownBy(() -> keys.find("new")).isInstanceOf(IOException.class);

    published.add(TestIssuer.jwks(TestIssuer.es256("new")));
    answered.countDown();
    assertThat(keys.find("new")).isPresent();
    assertThat(keys.find("old")).isEmpty();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private byte[] fetch() throws IOException {
    fetches++;
    if (published.isEmpty()) {
      throw new IOException("the issuer is away");
    }
    return published.remove();
  }
}
