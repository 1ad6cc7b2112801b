package dev.referee.operator.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.api.v1alpha1.PolicyStatus.Example;
import dev.referee.api.v1alpha1.ReportKind;
import dev.referee.oci.SourceReason;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditRoundsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final AuditWorld world = new AuditWorld();

  @BeforeEach
  void install() {
    world.applySigner();
    world.applyPolicy("production", "Enforce");
  }

  @Test
  void reportsWhatRuns() {
    world.run("shop", "cart-1", "ReplicaSet/cart", world.pushSigned("cart"));
    world.run("shop", "mail-1", "StatefulSet/mail", world.push("mail"));

    world.work();

    assertThat(world.results("cart")).containsExactly("signed=pass");
    assertThat(world.results("mail")).containsExactly("signed=fail UNSIGNED");
    assertThat(world.report("mail").workload().describe()).isEqualTo("StatefulSet shop/mail");
    assertThat(world.said).containsExactly("Auto: Report");
  }

  @Test
  void reportsPodsOfOneDeploymentOnce() {
    var cart = new Workload("apps/v1", "Deployment", "shop", "cart", "d1");
    world.owners.put("cart-old", cart);
    world.owners.put("cart-new", cart);
    world.run("shop", "cart-1", "ReplicaSet/cart-old", world.push("one"));
    world.run("shop", "cart-2", "ReplicaSet/cart-new", world.pushSigned("two"));

    world.work();

    assertThat(world.stored).containsOnlyKeys("referee-d1");
    assertThat(world.results("d1")).containsExactly("signed=fail UNSIGNED", "signed=pass");
  }

  @Test
  void asksNothingWhileNothingChanges() {
    world.run("shop", "cart-1", "ReplicaSet/cart", world.pushSigned("cart"));
    world.work();
    world.requests.clear();
    world.judged.clear();

    for (int i = 0; i < 5; i++) {
      world.work();
    }

    assertThat(world.requests).isEmpty();
    assertThat(world.judged).isEmpty();
  }

  /// More of the same is nothing new: no verification, no write.
  @Test
  void doesNotMindHowManyPodsThereAre() {
    var image = world.pushSigned("cart");
    world.run("shop", "cart-1", "ReplicaSet/cart", image);
    world.work();
    world.requests.clear();
    world.judged.clear();

    for (int i = 2; i < 50; i++) {
      world.run("shop", "cart-" + i, "ReplicaSet/cart", image);
    }
    world.stop("shop", "cart-1");
    world.work();

    assertThat(world.judged).isEmpty();
    assertThat(world.requests).isEmpty();
  }

  @Test
  void verifiesAgainWithinTheInterval() {
    var image = world.pushSigned("cart");
    world.run("shop", "cart-1", "ReplicaSet/cart", image);
    world.work();
    var first = world.report("cart").verifiedAt();
    world.judged.clear();

    world.advance(AuditWorld.INTERVAL);
    world.work();

    assertThat(world.judged).hasSize(1);
    assertThat(world.report("cart").verifiedAt()).isEqualTo(first.plus(AuditWorld.INTERVAL));
  }

  @Test
  void wakesUpWhenItIsSomebodysTurn() {
    world.run("shop", "cart-1", "ReplicaSet/cart", world.pushSigned("cart"));
    world.work();
    world.judged.clear();

    var slept = Duration.ZERO;
    while (world.judged.isEmpty()) {
      var pause = world.round();
      assertThat(slept).isLessThanOrEqualTo(AuditWorld.INTERVAL);
      assertThat(pause).isPositive();
      world.advance(pause);
      slept = slept.plus(pause);
    }
  }

  /// kyverno#7525: the signature goes, and the report still says that all is well.
  @Test
  void noticesThatASignerWentAtOnce() {
    world.run("shop", "cart-1", "ReplicaSet/cart", world.pushSigned("cart"));
    world.work();
    assertThat(world.results("cart")).containsExactly("signed=pass");

    world.delete("ClusterSigner/ci");
    world.work();

    assertThat(world.results("cart")).containsExactly("signed=fail POLICY_INVALID");
  }

  @Test
  void noticesAnExceptionAndItsEnd() {
    world.run("shop", "cart-1", "ReplicaSet/cart", world.push("cart"));
    world.work();
    assertThat(world.results("cart")).containsExactly("signed=fail UNSIGNED");

    world.apply(
        """
        apiVersion: referee.dev/v1alpha1
        kind: ClusterPolicyException
        metadata: {name: legacy}
        spec:
          policies: [production]
          requirements: [signed]
          images: ["registry.example.com/**"]
          namespaces: ["*"]
          reason: it is on its way out
          approvedBy: alice
          expiresAt: "2026-11-27T12:01:00Z"
        """);
    world.work();
    assertThat(world.results("cart")).containsExactly("signed=skip");
    assertThat(world.wouldDeny("ClusterReferrerPolicy/production").images()).isZero();

    world.advance(Duration.ofSeconds(59));
    world.work();
    assertThat(world.results("cart")).containsExactly("signed=skip");
    assertThat(world.round()).isLessThanOrEqualTo(Duration.ofSeconds(1));

    // Nobody changed anything; the clock did.
    world.advance(Duration.ofSeconds(1));
    world.work();
    assertThat(world.results("cart")).containsExactly("signed=fail UNSIGNED");
  }

  @Test
  void noticesTheLabelsOfANamespace() {
    world.apply(
        """
        apiVersion: referee.dev/v1alpha1
        kind: ClusterReferrerPolicy
        metadata: {name: production}
        spec:
          match: {images: ["**"], namespaceSelector: {matchLabels: {env: prod}}}
          require: [{name: signed, signature: {by: [ci]}}]
        """);
    world.run("shop", "cart-1", "ReplicaSet/cart", world.push("cart"));
    world.work();
    assertThat(world.find("cart")).isEmpty();

    world.namespaces.put("shop", Map.of("env", "prod"));
    world.work();
    assertThat(world.results("cart")).containsExactly("signed=fail UNSIGNED");

    world.namespaces.put("shop", Map.of());
    world.work();
    assertThat(world.find("cart")).as("nothing is to be said of it any more").isEmpty();
  }

  @Test
  void verifiesWhatIsNewInAWorkload() {
    world.run("shop", "cart-1", "ReplicaSet/cart", world.pushSigned("cart"));
    world.work();

    world.run("shop", "cart-1", "ReplicaSet/cart", world.push("worse"));
    world.work();

    assertThat(world.results("cart")).containsExactly("signed=fail UNSIGNED");
  }

  /// What a restart finds is what it goes on with.
  @Test
  void goesOnAfterARestart() {
    for (int i = 0; i < 20; i++) {
      world.run("shop", "app%d-1".formatted(i), "ReplicaSet/app" + i, world.pushSigned("app" + i));
    }
    world.run("shop", "mail-1", "StatefulSet/mail", world.push("mail"));
    world.work();
    var before = world.report("mail");

    world.restart();
    world.work();

    assertThat(world.judged).isEmpty();
    assertThat(world.requests)
        .containsExactly("find", "list", "status ClusterReferrerPolicy/production");
    assertThat(world.report("mail")).isEqualTo(before);
    assertThat(world.wouldDeny("ClusterReferrerPolicy/production").images()).isEqualTo(1);

    // Half an interval later half of them are due, by the times that the reports have.
    world.advance(AuditWorld.INTERVAL.dividedBy(2));
    world.restart();
    world.work();
    assertThat(world.judged).hasSizeBetween(4, 17);

    world.advance(AuditWorld.INTERVAL.dividedBy(2));
    world.work();
    assertThat(world.stored.keySet())
        .allSatisfy(
            name ->
                assertThat(world.report(name.replace("referee-", "")).verifiedAt())
                    .isAfter(before.verifiedAt()));
  }

  @Test
  void noticesAfterARestartWhatChangedMeanwhile() {
    world.run("shop", "cart-1", "ReplicaSet/cart", world.pushSigned("cart"));
    world.run("shop", "gone-1", "ReplicaSet/gone", world.pushSigned("gone"));
    world.work();

    world.stop("shop", "gone-1");
    world.delete("ClusterSigner/ci");
    world.restart();
    world.work();

    assertThat(world.results("cart")).containsExactly("signed=fail POLICY_INVALID");
    world.advance(MINUTE);
    world.work();
    assertThat(world.find("gone")).isEmpty();
  }

  @Test
  void removesTheReportOfWhatRunsNoMoreAfterAWhile() {
    var image = world.push("cart");
    world.run("shop", "cart-1", "ReplicaSet/cart", image);
    world.work();

    world.stop("shop", "cart-1");
    world.work();
    assertThat(world.find("cart")).as("it may be a restart").isPresent();
    assertThat(world.wouldDeny("ClusterReferrerPolicy/production").workloads()).isZero();
    world.advance(Duration.ofSeconds(59));
    world.run("shop", "cart-1", "ReplicaSet/cart", image);
    world.work();
    world.advance(MINUTE);
    world.work();
    assertThat(world.find("cart")).isPresent();

    world.stop("shop", "cart-1");
    world.work();
    world.advance(MINUTE);
    world.work();
    assertThat(world.find("cart")).isEmpty();
  }

  @Test
  void leavesNamespacesAloneThatNobodyIsAskedAbout() {
    world.run("kube-system", "dns-1", "ReplicaSet/dns", world.push("dns"));
    world.excluded.add("kube-system");
    world.work();
    assertThat(world.stored).isEmpty();
    assertThat(world.judged).isEmpty();

    world.excluded.clear();
    world.work();
    assertThat(world.results("dns")).containsExactly("signed=fail UNSIGNED");

    world.excluded.add("kube-system");
    world.work();
    world.advance(MINUTE);
    world.work();
    assertThat(world.stored).isEmpty();
  }

  @Test
  void saysOnceThatThereAreNoReportsAndWaitsForThem() {
    world.installed = Optional.empty();
    world.run("shop", "cart-1", "ReplicaSet/cart", world.push("cart"));
    world.work();
    for (int i = 0; i < 10; i++) {
      world.advance(MINUTE);
      world.work();
    }

    assertThat(world.said).containsExactly("Auto: none");
    assertThat(world.stored).isEmpty();
    assertThat(world.wouldDeny("ClusterReferrerPolicy/production").images())
        .as("what a policy would deny is known without reports")
        .isEqualTo(1);

    world.installed = Optional.of(ReportFormat.POLICY_REPORT);
    world.advance(MINUTE);
    world.work();
    assertThat(world.tree("cart").path("kind").asText()).isEqualTo("PolicyReport");
    assertThat(world.said).containsExactly("Auto: none", "Auto: PolicyReport");

    world.installed = Optional.of(ReportFormat.OPEN_REPORTS);
    world.advance(Duration.ofMinutes(10));
    world.work();
    assertThat(world.stored).hasSize(1);
    assertThat(world.tree("cart").path("kind").asText()).isEqualTo("Report");

    world.wanted = ReportKind.NONE;
    world.work();
    assertThat(world.stored).isEmpty();
  }

  @Test
  void triesAgainWhatCouldNotBeWritten() {
    world.run("shop", "cart-1", "ReplicaSet/cart", world.push("cart"));
    world.work();
    world.apiServerIsDown = true;
    world.delete("ClusterSigner/ci");
    world.work();
    assertThat(world.results("cart")).containsExactly("signed=fail UNSIGNED");

    world.apiServerIsDown = false;
    world.advance(Duration.ofMinutes(5));
    world.work();
    assertThat(world.results("cart")).containsExactly("signed=fail POLICY_INVALID");
  }

  @Test
  void losesNoPodWhileTheApiServerIsAway() {
    world.apiServerIsDown = true;
    world.run("shop", "cart-1", "ReplicaSet/cart", world.push("cart"));
    assertThatThrownBy(world::work).isInstanceOf(KubernetesClientException.class);

    world.apiServerIsDown = false;
    world.work();
    assertThat(world.results("cart")).containsExactly("signed=fail UNSIGNED");
  }

  @Test
  void asksSoonerForWhatWasNotFoundOut() {
    var image = world.pushSigned("cart");
    world.repository.fail("referrers " + image.digest(), SourceReason.UNREACHABLE);
    world.run("shop", "cart-1", "ReplicaSet/cart", image);
    world.work();
    assertThat(world.results("cart")).containsExactly("signed=error REGISTRY_UNREACHABLE");

    world.repository.heal();
    world.advance(Duration.ofMinutes(5));
    world.work();
    assertThat(world.results("cart")).containsExactly("signed=pass");
  }

  @Test
  void judgesNothingBeforeThePoliciesAreKnown() {
    world.ready = false;
    world.run("shop", "cart-1", "ReplicaSet/cart", world.push("cart"));

    assertThat(world.round()).isPositive();
    assertThat(world.requests).isEmpty();

    world.ready = true;
    world.work();
    assertThat(world.stored).hasSize(1);
  }

  /// `action: Audit`: nothing is denied, and the policy says what would be.
  @Test
  void tellsAPolicyWhatItWouldDeny() {
    world.delete("ClusterReferrerPolicy/production");
    world.applyPolicy("trial", "Audit");
    world.applyPolicy("other", "Enforce");
    for (int i = 10; i < 30; i++) {
      world.run("shop", "app%d-1".formatted(i), "ReplicaSet/app" + i, world.push("app" + i));
    }
    world.run("shop", "good-1", "ReplicaSet/good", world.pushSigned("good"));
    world.work();

    var summary = world.wouldDeny("ClusterReferrerPolicy/trial");
    assertThat(summary.images()).isEqualTo(20);
    assertThat(summary.workloads()).isEqualTo(20);
    assertThat(summary.examples()).hasSize(10);
    assertThat(summary.examples().getFirst())
        .isEqualTo(
            new Example(
                "ReplicaSet shop/app10",
                "registry.example.com/shop/app10:v1@" + world.push("app10").digest(),
                "signed",
                "UNSIGNED"));
    assertThat(summary.observedAt()).isEqualTo("2026-11-27T12:00:00Z");
  }

  @Test
  void tellsAPolicyOnlyWhatChanged() {
    world.run("shop", "cart-1", "ReplicaSet/cart", world.push("cart"));
    world.work();
    world.requests.clear();
    world.advance(MINUTE);
    world.run("shop", "cart-2", "ReplicaSet/cart", world.push("cart"));
    world.work();
    assertThat(world.requests).noneMatch(request -> request.startsWith("status"));

    world.run("shop", "mail-1", "ReplicaSet/mail", world.push("mail"));
    world.work();
    assertThat(world.requests).contains("status ClusterReferrerPolicy/production");
    assertThat(world.wouldDeny("ClusterReferrerPolicy/production").workloads()).isEqualTo(2);
  }

  /// Every one of many workloads is judged, written once, and not again for nothing.
  @Test
  void growsWithWhatChanges() {
    var image = world.pushSigned("cart");
    for (int i = 0; i < 2_000; i++) {
      world.run("shop", "app%d-1".formatted(i), "ReplicaSet/app" + i, image);
    }
    world.work();
    assertThat(world.requests).filteredOn(r -> r.startsWith("write")).hasSize(2_000);
    assertThat(world.judged).hasSize(2_000);
    world.requests.clear();
    world.judged.clear();

    world.run("shop", "app7-1", "ReplicaSet/app7", world.push("other"));
    world.work();
    assertThat(world.requests)
        .containsExactlyInAnyOrder("write app7", "status ClusterReferrerPolicy/production");
    assertThat(world.judged).hasSize(1);
  }
}
