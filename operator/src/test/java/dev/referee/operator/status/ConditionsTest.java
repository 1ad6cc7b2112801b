package dev.referee.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceReader;
import dev.referee.operator.status.Conditions.Verdict;
import dev.referee.verify.policy.PolicyCompiler;
import dev.referee.verify.policy.Problem;
import dev.referee.verify.policy.ReferencedValues;
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

  @Test
  void saysThatATrustRootIsUsableOrNot() throws Exception {
    var root =
        read(
            """
            {"apiVersion":"referee.dev/v1alpha1","kind":"ClusterTrustRoot","metadata":{"name":"r"},
             "spec":{"sigstore":{"trustedRoot":{"inline":"{}"}}}}\
            """);

    assertThat(conditions(null).of(root))
        .contains(new Verdict(true, "Compiled", "can be named by signers"));
    var broken = new Problem(root.id(), Problem.INVALID_TRUST_ROOT, "the trust root is malformed");
    assertThat(conditions(null, broken).of(root))
        .contains(new Verdict(false, "InvalidTrustRoot", "the trust root is malformed"));
    assertThat(Conditions.changesAt(root, NOW)).isEmpty();
  }

  @Test
  void saysThatASignerOfAMissingTrustRootIsNotReady() throws Exception {
    var signer =
        read(
            """
            {"apiVersion":"referee.dev/v1alpha1","kind":"ClusterSigner","metadata":{"name":"s"},
             "spec":{"keyless":{"trustRoot":"gone","identities":[{"issuer":"i","subject":"s"}]}}}\
            """);
    var problems = PolicyCompiler.compile(List.of(signer), ReferencedValues.NONE).problems();

    assertThat(conditions(null, problems.toArray(Problem[]::new)).of(signer))
        .contains(new Verdict(false, "UnknownTrustRoot", "there is no ClusterTrustRoot/gone"));
  }

  @Test
  void beginsAndEndsASignerAtItsTimes() throws Exception {
    var from = NOW.plusSeconds(60);
    var until = NOW.plusSeconds(120);
    var signer =
        read(
            """
            {"apiVersion":"referee.dev/v1alpha1","kind":"ClusterSigner","metadata":{"name":"s"},
             "spec":{"key":{"publicKey":"p"},"validFrom":"%s","validUntil":"%s"}}\
            """
                .formatted(from, until));

    assertThat(conditions(null).of(signer))
        .contains(
            new Verdict(false, "NotYetValid", "speaks for nothing before %s".formatted(from)));
    assertThat(Conditions.changesAt(signer, NOW)).contains(from);
    assertThat(new Conditions(List.of(), null, from).of(signer))
        .contains(new Verdict(true, "Compiled", "can be named by policies"));
    assertThat(Conditions.changesAt(signer, from)).contains(until);
    assertThat(new Conditions(List.of(), null, until).of(signer))
        .contains(
            new Verdict(false, "Expired", "ended at %s and speaks for nothing".formatted(until)));
    assertThat(Conditions.changesAt(signer, until)).isEmpty();
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
