package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import java.net.InetAddress;
import java.util.List;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordCheckTest {
  private static final InetAddress HERE = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress THERE = InetAddress.ofLiteral("192.0.2.2");

  /// Of the password `password`, by libxcrypt.
  private static final String BY_LIBXCRYPT =
      "$2y$05$abcdefghijklmnopqrstuuWG29KuyeAicPCJODk1zjyGvyQUU2awu";

  private final MovingClock clock = new MovingClock();

  @Test
  void readsUsersAndTheirHashes() throws Exception {
    var users = users("# people\n\nci:%s\nana:%s\n".formatted(hash("one"), hash("zwei \u20ac")));

    assertThat(users.isRight("ci", "one")).isTrue();
    assertThat(users.isRight("ci", "two")).isFalse();
    assertThat(users.isRight("ci", "")).isFalse();
    assertThat(users.isRight("ana", "zwei \u20ac")).isTrue();
    assertThat(users.isRight("ana", "one")).isFalse();
    assertThat(users.isRight("CI", "one")).isFalse();
    assertThat(users.isRight("", "one")).isFalse();
  }

  /// bcrypt reads 72 bytes: what differs behind them would be the same password.
  @Test
  void keepsLongPasswordsApart() throws Exception {
    var password = "p".repeat(72);
    var users = users("ci:" + hash(password));

    assertThat(users.isRight("ci", password)).isTrue();
    assertThat(users.isRight("ci", password + "x")).isFalse();
    assertThat(users.isRight("ci", "p\0q")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ci",
        "ci:",
        ":x",
        "ci:secret",
        "ci:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
        "ci:$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/",
        "ci:$2y$03$" + "00000000000000000000000000000000000000000000000000000",
        "ci:$2y$31$" + "00000000000000000000000000000000000000000000000000000",
        "ci:$2y$10$short",
      })
  void refusesHashesThatAreNoneOrTooWeakOrTooSlow(String line) {
    assertThatThrownBy(() -> users("# first\n" + line))
        .isInstanceOf(AccessFileException.class)
        .hasMessageContaining("line 2")
        .hasMessageNotContaining("secret");
  }

  /// What a check costs doubles with each step.
  @Test
  void takesAsLongForEveryUserAndForNone() throws Exception {
    var hash = "$2y$%02d$" + "0".repeat(53);
    var users =
        users(
            "a:%s\nb:%s\nc:%s\n"
                .formatted(hash.formatted(4), hash.formatted(9), hash.formatted(12)));

    for (var user : List.of("a", "b", "c", "nobody", "")) {
      assertThat(users.checks(user).stream().mapToInt(check -> 1 << Htpasswd.cost(check)).sum())
          .as(user)
          .isEqualTo(1 << 12);
    }
    assertThat(Htpasswd.empty().checks("nobody")).hasSize(1);
    var fast = users("fast:%s\nslow:%s".formatted(hash("secret"), hash.formatted(5)));
    assertThat(fast.isRight("fast", "secret")).isTrue();
    assertThat(fast.isRight("fast", "other")).isFalse();
    assertThat(fast.isRight("nobody", "secret")).isFalse();
  }

  @Test
  void refusesAUserTwice() throws Exception {
    var line = "ci:" + hash("a") + "\n";
    assertThatThrownBy(() -> users(line + line)).isInstanceOf(AccessFileException.class);
  }

  @Test
  void readsHashesOfAnotherImplementation() throws Exception {
    var users = users("ci:" + BY_LIBXCRYPT);

    assertThat(users.isRight("ci", "password")).isTrue();
    assertThat(users.isRight("ci", "Password")).isFalse();
  }

  /// Guessing ends; the right password, proven before, does not.
  @Test
  void makesGuessersWait() throws Exception {
    var check = new PasswordCheck(users("ci:" + hash("right")), clock);
    assertThat(check.isRight("ci", "right", HERE)).isTrue();
    for (int i = 0; i < PasswordCheck.MAX_WRONG; i++) {
      assertThat(check.isRight("ci", "guess " + i, HERE)).isFalse();
    }

    assertThatThrownBy(() -> check.isRight("ci", "one more", HERE))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOOMANYREQUESTS));
    assertThat(check.isRight("ci", "right", HERE)).isTrue();
    // Nobody else is kept out by it.
    assertThat(check.isRight("ci", "one more", THERE)).isFalse();
    assertThat(check.isRight("ana", "one more", HERE)).isFalse();

    clock.advance(PasswordCheck.WINDOW.plusSeconds(1));
    assertThat(check.isRight("ci", "another", HERE)).isFalse();
  }

  @Test
  void forgetsWhatItFound() throws Exception {
    var check = new PasswordCheck(users("ci:" + hash("right")), clock);
    assertThat(check.isRight("ci", "right", HERE)).isTrue();
    assertThat(check.isRight("ci", "wrong", HERE)).isFalse();
    clock.advance(PasswordCheck.RIGHT_FOR.plusSeconds(1));
    assertThat(check.isRight("ci", "right", HERE)).isTrue();
    assertThat(check.isRight("ci", "wrong", HERE)).isFalse();
  }

  /// The bytes before and behind the colon are not one text.
  @Test
  void keepsUsersApart() throws Exception {
    var check = new PasswordCheck(users("a:" + hash("b:c")), clock);

    assertThat(check.isRight("a", "b:c", HERE)).isTrue();
    assertThat(check.isRight("a:b", "c", HERE)).isFalse();
  }

  private static Htpasswd users(String content) throws AccessFileException {
    return Htpasswd.parse(content.getBytes(UTF_8));
  }

  static String hash(String password) {
    return OpenBSDBCrypt.generate("2y", password.toCharArray(), new byte[16], 4);
  }
}
