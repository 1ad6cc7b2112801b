package dev.referee.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.api.v1alpha1.DenySpec;
import dev.referee.api.v1alpha1.LabelSelectorSpec;
import dev.referee.api.v1alpha1.MatchSpec;
import dev.referee.api.v1alpha1.ReferrerPolicySpec;
import dev.referee.api.v1alpha1.RequirementSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.oci.Deadline;
import dev.referee.oci.Reference;
import dev.referee.testing.MemoryRepository;
import dev.referee.verify.ProofMemory;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.policy.PolicySet;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final Reference IMAGE = Reference.parse("nginx");

  /// A policy for namespaces with `env: prod`.
  private static final FixedPolicies POLICIES =
      FixedPolicies.of(
          List.of(
              new Resource.Policy(
                  ResourceId.clusterWide(ResourceKind.CLUSTER_REFERRER_POLICY, "p"),
                  new ReferrerPolicySpec(
                      new MatchSpec(
                          null, null, new LabelSelectorSpec(Map.of("env", "prod"), null), null),
                      null,
                      null,
                      null,
                      null,
                      List.of(new RequirementSpec("r", null, null, new DenySpec("no")))))));

  @Test
  void asksForTheLabelsOfTheNamespace() {
    var gate =
        new Gate(
            POLICIES,
            name -> Optional.of(Map.of("env", name)),
            new MemoryRepository(),
            ProofMemory.NONE,
            InstantSource.system());

    assertThat(gate.decide(IMAGE, "prod", Map.of(), soon())).isInstanceOf(Decision.Denied.class);
    assertThat(gate.decide(IMAGE, "test", Map.of(), soon())).isInstanceOf(Decision.Allowed.class);
  }

  /// CVE-2025-46342: labels that cannot be found out must not switch the policy off.
  @Test
  void appliesEveryPolicyThatMayBeMeantWhereLabelsAreNotKnown() {
    var gate =
        new Gate(
            POLICIES,
            NamespaceLabels.UNKNOWN,
            new MemoryRepository(),
            ProofMemory.NONE,
            InstantSource.system());

    assertThat(gate.decide(IMAGE, "test", Map.of(), soon())).isInstanceOf(Decision.Denied.class);
    assertThat(gate.decide(IMAGE, null, null, soon())).isInstanceOf(Decision.Denied.class);
  }

  @Test
  void decidesNothingBeforeThePoliciesAreKnown() {
    var unready =
        new PolicySource() {
          @Override
          public PolicySet current() {
            return PolicySet.EMPTY;
          }

          @Override
          public boolean isReady() {
            return false;
          }

          @Override
          public void close() {
            // Nothing is open.
          }
        };
    var gate =
        new Gate(
            unready,
            NamespaceLabels.UNKNOWN,
            new MemoryRepository(),
            ProofMemory.NONE,
            InstantSource.system());

    assertThat(gate.isReady()).isFalse();
    assertThatThrownBy(() -> gate.decide(IMAGE, null, null, soon()))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(10));
  }
}
