package dev.referee.operator.certificates;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateStepTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final List<String> NAMES = List.of("referee-webhook.referee-system.svc");
  private static final Duration DAY = Duration.ofDays(1);
  private static final int NO_LOSS = -1;

  @Test
  void makesEverythingWhereThereIsNothing() {
    var state = step(true).next(CertificateState.NONE, NOW);

    var authority = requireNonNull(state.authority());
    var serving = requireNonNull(state.serving());
    assertThat(state.trusted()).containsExactly(authority.certificate());
    assertThat(serving.isSignedBy(authority.certificate())).isTrue();
    assertThat(serving.notAfter()).isEqualTo(NOW.plus(Issuing.SERVING_LIFE));
    assertThat(authority.certificate().getBasicConstraints()).isZero();
    assertThat(serving.certificate().getBasicConstraints()).isNegative();
    assertThat(state.successor()).isNull();
  }

  @Test
  void changesNothingThatNeedNotChange() {
    var state = step(true).next(CertificateState.NONE, NOW);

    assertThat(step(true).next(state, NOW.plus(DAY.multipliedBy(59)))).isEqualTo(state);
  }

  @Test
  void renewsAtTwoThirdsOfALife() {
    var state = step(true).next(CertificateState.NONE, NOW);

    var later = step(true).next(state, NOW.plus(DAY.multipliedBy(60)));

    assertThat(later.authority()).isEqualTo(state.authority());
    assertThat(later.serving()).isNotEqualTo(state.serving());
  }

  @Test
  void signsWithNoAuthorityBeforeItIsTrusted() {
    var state = step(true).next(CertificateState.NONE, NOW);
    var due = NOW.plus(DAY.multipliedBy(500));

    var waiting = step(false).next(state, due);

    var successor = requireNonNull(waiting.successor());
    assertThat(waiting.authority()).isEqualTo(state.authority());
    assertThat(waiting.trusted())
        .containsExactly(requireNonNull(state.authority()).certificate(), successor.certificate());
    assertThat(
            requireNonNull(waiting.serving())
                .isSignedBy(requireNonNull(state.authority()).certificate()))
        .isTrue();

    var done = step(true).next(waiting, due);

    assertThat(done.authority()).isEqualTo(successor);
    assertThat(done.successor()).isNull();
    assertThat(done.trusted()).isEqualTo(waiting.trusted());
    assertThat(requireNonNull(done.serving()).isSignedBy(successor.certificate())).isTrue();
  }

  @Test
  void forgetsAnAuthorityOnlyWhenItHasExpired() {
    var state = step(true).next(CertificateState.NONE, NOW);
    var first = requireNonNull(state.authority()).certificate();
    state = step(true).next(state, NOW.plus(DAY.multipliedBy(500)));

    assertThat(step(true).next(state, NOW.plus(DAY.multipliedBy(729))).trusted()).contains(first);
    assertThat(step(true).next(state, NOW.plus(DAY.multipliedBy(731))).trusted())
        .doesNotContain(first);
  }

  @Test
  void issuesAnewForOtherNames() {
    var state = step(true).next(CertificateState.NONE, NOW);

    var other = new CertificateStep(List.of("10.0.0.7", "::1"), _ -> true).next(state, NOW);

    assertThat(other.serving()).isNotEqualTo(state.serving());
    assertThat(other.authority()).isEqualTo(state.authority());
  }

  @Test
  void replacesALostAuthorityWithoutBreakingWhatIsServed() {
    var state = step(true).next(CertificateState.NONE, NOW);
    var lost = new CertificateState(null, null, state.trusted(), state.serving());

    var waiting = step(false).next(lost, NOW.plus(DAY));

    assertThat(waiting.serving()).isEqualTo(state.serving());
    assertThat(waiting.trusted()).containsAll(state.trusted()).hasSize(2);

    var done = step(true).next(waiting, NOW.plus(DAY));
    assertThat(done.serving()).isNotEqualTo(state.serving());
    assertThat(done.trusted()).isEqualTo(waiting.trusted());
  }

  @ParameterizedTest
  @ValueSource(longs = {-4000, -800, -30, 95, 800, 4000})
  void survivesAClockThatJumps(long days) {
    var state = step(true).next(CertificateState.NONE, NOW);
    var then = NOW.plus(DAY.multipliedBy(days));

    // One round to make what is needed, one after it was published.
    state = step(false).next(state, then);
    state = step(true).next(state, then);

    var serving = requireNonNull(state.serving());
    assertThat(serving.isValidAt(then)).isTrue();
    assertThat(requireNonNull(state.authority()).isValidAt(then)).isTrue();
    assertThat(serving.isSignedBy(requireNonNull(state.authority()).certificate())).isTrue();
  }

  /// Whatever happens in which order, and however late an API server or the webhook hears of it:
  /// what is served is accepted.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void servesNothingThatAnApiServerDoesNotTrust(long seed) {
    var random = new Random(seed);
    var now = NOW;
    var state = step(true).next(CertificateState.NONE, now);
    Set<X509Certificate> trusted = new HashSet<>(state.trusted());
    var shown = requireNonNull(state.serving());
    for (int i = 0; i < 120; i++) {
      // What was lost is made again within hours, not within the life of a certificate.
      boolean whole = state.authority() != null && state.serving() != null;
      now = now.plus(Duration.ofHours(random.nextInt(whole ? 24 * 25 : 5)));
      state = stored(state, whole ? random.nextInt(12) : NO_LOSS);
      var known = Set.copyOf(trusted);
      state = new CertificateStep(NAMES, known::contains).next(state, now);
      // Nobody is slower than a third of a certificate's life.
      var kept = state.serving();
      if (kept != null
          && (random.nextInt(3) == 0 || !shown.isValidAt(now.plus(DAY.multipliedBy(26))))) {
        shown = kept;
      }
      if (random.nextBoolean()) {
        trusted = new HashSet<>(state.trusted());
      }
      var accepting = trusted;
      var served = shown;
      assertThat(accepting)
          .as("seed %d, step %d, %s", seed, i, now)
          .anyMatch(authority -> served.isSignedBy(authority));
      assertThat(shown.isValidAt(now)).as("seed %d, step %d, %s", seed, i, now).isTrue();
    }
  }

  /// From its Secrets, of which somebody may have deleted one.
  private static CertificateState stored(CertificateState state, int loss) {
    var authority = CertificateSecrets.authority(state, "referee-system", null);
    var serving = CertificateSecrets.serving(state, "referee-system", null);
    return switch (loss) {
      case 0 -> CertificateSecrets.read(null, serving);
      case 1 -> CertificateSecrets.read(authority, null);
      default -> CertificateSecrets.read(authority, serving);
    };
  }

  /// API servers ask already, with an authority that nobody has any more.
  @Test
  void signsNothingWhenBothSecretsAreLostBeforeTheNextAuthorityIsTrusted() {
    var waiting = step(false).next(CertificateState.NONE, NOW);

    assertThat(waiting.serving()).isNull();
    assertThat(waiting.trusted()).hasSize(1);
    assertThat(step(true).next(waiting, NOW).serving()).isNotNull();
  }

  /// What is still shown stays trusted when the Secret with the authority's key is deleted.
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void forgetsNoAuthorityWithOneSecret(int loss) {
    var state = step(true).next(CertificateState.NONE, NOW);

    var next = step(false).next(stored(state, loss), NOW.plus(DAY));

    assertThat(next.trusted()).containsAll(state.trusted());
  }

  @Test
  void survivesBeingStored() {
    var state = step(false).next(CertificateState.NONE, NOW);
    state = step(false).next(state, NOW.plus(DAY.multipliedBy(500)));

    var stored =
        CertificateSecrets.read(
            CertificateSecrets.authority(state, "referee-system", null),
            CertificateSecrets.serving(state, "referee-system", null));

    assertThat(stored).isEqualTo(state);
    assertThat(stored.successor()).isNotNull();
  }

  @Test
  void countsAKeyOfAnotherCertificateAsLost() {
    var one = Issuing.authority(NOW);
    var other = Issuing.authority(NOW);

    assertThat(Credential.parse(one.certificatePem(), other.keyPem())).isEmpty();
    assertThat(Credential.parse(one.certificatePem(), "junk")).isEmpty();
    assertThat(Credential.parse("junk", one.keyPem())).isEmpty();
    assertThat(one.toString()).doesNotContain("PRIVATE");
  }

  private static CertificateStep step(boolean published) {
    return new CertificateStep(NAMES, _ -> published);
  }
}
