package dev.referee.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  @Test
  void readsParametersInAnyOrderWithQuotedCommas() {
    assertThat(
            Challenge.parse(
                "Bearer realm=\"https://auth.example.com/token\",service=registry,"
                    + "scope=\"repository:a:pull,push\""))
        .containsExactly(
            new Challenge(
                "bearer",
                Map.of(
                    "realm", "https://auth.example.com/token",
                    "service", "registry",
                    "scope", "repository:a:pull,push")));
  }

  @Test
  void readsSeveralChallengesOfOneHeader() {
    assertThat(
            Challenge.parse("Negotiate, Basic realm=\"a \\\"b\\\"\", BEARER Realm=x , Scope = y"))
        .containsExactly(
            new Challenge("negotiate", Map.of()),
            new Challenge("basic", Map.of("realm", "a \"b\"")),
            new Challenge("bearer", Map.of("realm", "x", "scope", "y")));
  }

  @Test
  void makesWhatSenseThereIsOfNonsense() {
    assertThat(Challenge.parse("")).isEmpty();
    assertThat(Challenge.parse(",,,")).isEmpty();
    assertThat(Challenge.parse("=\"")).isEmpty();
    assertThat(Challenge.parse("Bearer realm=\"unterminated"))
        .containsExactly(new Challenge("bearer", Map.of("realm", "unterminated")));
    assertThat(Challenge.parse("Bearer realm=\"x\\")).hasSize(1);
    assertThat(Challenge.parse("a".repeat(1 << 20))).isEqualTo(List.of());
  }
}
