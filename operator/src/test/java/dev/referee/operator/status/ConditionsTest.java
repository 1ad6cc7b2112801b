package dev.referee.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceReader;
import dev.referee.operator.status.Conditions.Verdict;
import dev.referee.verify.policy.Problem;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConditionsTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final String POLICY =
      """
      {"apiVersion":"referee.dev/v1alpha1","kind":"ClusterReferrerPolicy","metadata":{"name":"p"},
       "spec":{"require":[{"name":"signed","signature":{"by":["ci"]}}]}}\
      """;
  private static final String EXCEPTION =
      """
      {"apiVersion":"referee.dev/v1alpha1","kind":"ClusterPolicyException","metadata":{"name":"e"},
       "spec":{"policies":["p"],"requirements":["*"],"images":["*/**"],"namespaces":["*"],
       "reason":"r","approvedBy":"ann","expiresAt":"2026-11-27T13:00:00Z"}}\
      """;

  @Test
  void saysWhatIsInForce() throws Exception {
    assertThat(conditions(null).of(read(POLICY)))
        .contains(new Verdict(true, "Compiled", "1 requirement, Enforce"));
  }

  @Test
  void saysThatAPolicyIsNotEnforced() throws Exception {
    assertThat(conditions("the webhook does not answer").of(read(POLICY)))
        .contains(
            new Verdict(
                false,
                "NotEnforced",
                "API servers do not ask Referee: the webhook does not answer"));
  }

  @Test
  void saysWhatMakesNoSenseBeforeAnythingElse() throws Exception {
    var policy = read(POLICY);
    var conditions =
        conditions("the webhook does not answer", problem(policy.id(), "there is no signer ci"));

    assertThat(conditions.of(policy))
        .contains(new Verdict(false, "UnknownSigner", "there is no signer ci"));
  }

  @Test
  void saysWhatCannotBeRead() throws Exception {
    var misspelt = read(POLICY.replace("\"require\"", "\"requires\""));

    assertThat(conditions(null).of(misspelt))
        .hasValueSatisfying(
            verdict -> {
              assertThat(verdict.ready()).isFalse();
              assertThat(verdict.reason()).isEqualTo("UnknownField");
              assertThat(verdict.message()).contains("requires");
            });
  }

  @Test
  void countsWhatItDoesNotList() throws Exception {
    var policy = read(POLICY);
    var problems =
        IntStream.range(0, 25)
            .mapToObj(i -> problem(policy.id(), "there is no signer %02d".formatted(i)))
            .toArray(Problem[]::new);

    var message = conditions(null, problems).of(policy).orElseThrow().message();

    assertThat(message).startsWith("there is no signer 00; ").endsWith("; and 15 more problems");
  }

  @Test
  void endsAnExceptionAtItsTime() throws Exception {
    var exception = read(EXCEPTION);
    var end = Instant.parse("2026-11-27T13:00:00Z");

    assertThat(conditions(null).of(exception))
        .contains(new Verdict(true, "Compiled", "approved by ann until " + end));
    assertThat(Conditions.changesAt(exception, NOW)).contains(end);
    assertThat(new Conditions(List.of(), null, end).of(exception))
        .contains(new Verdict(false, "Expired", "ended at %s and waives nothing".formatted(end)));
    assertThat(Conditions.changesAt(exception, end)).isEmpty();
  }

  private static Problem problem(ResourceId id, String message) {
    return new Problem(id, Problem.UNKNOWN_SIGNER, message);
  }

  private static Conditions conditions(@Nullable String notEnforced, Problem... problems) {
    return new Conditions(List.of(problems), notEnforced, NOW);
  }

  private static Resource read(String json) throws Exception {
    var tree = new ObjectMapper().readTree(json);
    return ResourceReader.readOrInvalid(ResourceReader.readId(tree), tree);
  }
}
