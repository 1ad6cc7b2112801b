package dev.referee.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Nobody may do more than the tables here say. A rule that asks for more has to change them.
class RolesTest {
  private static final Set<String> READ = Set.of("get", "list", "watch");
  private static final Set<String> KINDS =
      Set.of(
          "clusterpolicyexceptions",
          "clusterreferrerpolicies",
          "clusterregistryconfigs",
          "clustersigners",
          "clustertrustroots",
          "ociregistries",
          "refereeconfigurations",
          "referrerpolicies",
          "signers");

  /// Verbs that may ever be granted, by role and then by resource. A resource that is bound to
  /// names has `!` behind it.
  private static final Map<String, Map<String, Set<String>>> ALLOWED =
      Map.of(
          "ClusterRole/referee-webhook",
          Map.of(
              "referee.dev/KINDS", READ,
              "/namespaces", READ,
              "/replicationcontrollers", Set.of("get"),
              "apps/deployments", Set.of("get"),
              "apps/replicasets", Set.of("get"),
              "apps/statefulsets", Set.of("get")),
          "ClusterRole/referee-view",
          Map.of("referee.dev/KINDS", READ),
          "ClusterRole/referee-value-reader",
          Map.of("/configmaps", READ, "/secrets", READ),
          "ClusterRole/referee-webhook-configurations",
          Map.of(
              "admissionregistration.k8s.io/mutatingwebhookconfigurations!",
              Set.of("get", "list", "watch", "create", "update", "patch"),
              "admissionregistration.k8s.io/validatingwebhookconfigurations!",
              Set.of("get", "list", "watch", "create", "update", "patch")),
          "ClusterRole/referee-operator",
          Map.ofEntries(
              Map.entry("referee.dev/KINDS", READ),
              Map.entry("referee.dev/KINDS/status", Set.of("patch")),
              Map.entry("/namespaces", READ),
              Map.entry("/pods", READ),
              Map.entry("apps/replicasets", Set.of("get")),
              Map.entry("batch/jobs", Set.of("get")),
              Map.entry("/events", Set.of("create")),
              Map.entry(
                  "openreports.io/reports", Set.of("get", "list", "create", "patch", "delete")),
              Map.entry(
                  "wgpolicyk8s.io/policyreports",
                  Set.of("get", "list", "create", "patch", "delete")),
              Map.entry("rbac.authorization.k8s.io/clusterroles!", Set.of("get"))),
          "ClusterRole/referee-registries",
          Map.of(
              "referee.dev/KINDS/status", Set.of("get", "patch"),
              "referee.dev/ociregistries/finalizers", Set.of("update"),
              "/configmaps", READ,
              "/serviceaccounts", READ,
              "/services", READ,
              "apps/deployments", READ,
              "apps/statefulsets", READ,
              "networking.k8s.io/networkpolicies", READ,
              "policy/poddisruptionbudgets", READ,
              "storage.k8s.io/storageclasses", Set.of("get")),
          "ClusterRole/referee-registry-writer",
          Map.of(
              "/configmaps", Set.of("create", "patch", "delete"),
              "/services", Set.of("create", "patch", "delete"),
              "/serviceaccounts", Set.of("create", "patch"),
              "/secrets", Set.of("get", "create", "patch", "delete"),
              "/persistentvolumeclaims", Set.of("get", "patch"),
              "apps/deployments", Set.of("create", "patch"),
              "apps/statefulsets", Set.of("create", "patch"),
              "networking.k8s.io/networkpolicies", Set.of("create", "patch"),
              "policy/poddisruptionbudgets", Set.of("create", "patch")),
          "Role/referee-operator",
          Map.of(
              "coordination.k8s.io/leases", Set.of("create"),
              "coordination.k8s.io/leases!", Set.of("get", "update", "patch"),
              "/secrets", Set.of("create"),
              "/secrets!", Set.of("get", "list", "watch", "update"),
              "/serviceaccounts/token!", Set.of("create")),
          "Role/referee-values",
          Map.of("/configmaps", READ, "/secrets!", READ));

  private final Installation installation = Installation.read();

  @Test
  void hasNoRoleThatIsNotListed() {
    assertThat(roles().stream().map(RolesTest::key))
        .containsExactlyInAnyOrderElementsOf(ALLOWED.keySet());
  }

  @Test
  void grantsNothingThatIsNotListed() {
    for (var role : roles()) {
      var allowed = ALLOWED.getOrDefault(key(role), Map.of());
      for (var rule : role.path("rules")) {
        assertThat(rule.has("nonResourceURLs")).as(key(role)).isFalse();
        for (var resource : resources(rule)) {
          assertThat(allowed).as(key(role)).containsKey(resource);
          assertThat(allowed.get(resource))
              .as("%s %s", key(role), resource)
              .containsAll(Installation.texts(rule.path("verbs")));
        }
      }
    }
  }

  @Test
  void hasNoWildcard() {
    for (var role : roles()) {
      assertThat(role.path("rules").toString()).as(key(role)).doesNotContain("*");
    }
  }

  /// An empty list of names binds to none.
  @Test
  void namesSomethingWhereverItNames() {
    for (var role : roles()) {
      for (var rule : role.path("rules")) {
        assertThat(rule.path("resourceNames").isArray() && rule.path("resourceNames").isEmpty())
            .as(key(role))
            .isFalse();
      }
    }
  }

  /// The key of the authority is read by whoever makes certificates, and by nobody else.
  @Test
  void showsTheAuthoritysKeyToTheOperatorAlone() {
    for (var role : roles()) {
      if (!key(role).equals("Role/referee-operator")) {
        assertThat(role.path("rules").toString()).doesNotContain("referee-webhook-ca");
      }
    }
  }

  /// They are for namespaces that an administrator chooses.
  @Test
  void bindsWhatReadsSecretsOrRunsPodsNowhere() {
    assertThat(
            installation
                .ofKind("RoleBinding", "ClusterRoleBinding")
                .map(binding -> binding.path("roleRef").path("name").asText()))
        .doesNotContain("referee-value-reader", "referee-registry-writer");
  }

  @Test
  void bindsEachRoleToTheAccountsOfItsComponent() {
    installation
        .ofKind("RoleBinding", "ClusterRoleBinding")
        .forEach(
            binding -> {
              var accounts = new TreeSet<String>();
              for (var subject : binding.path("subjects")) {
                assertThat(subject.path("kind").asText()).isEqualTo("ServiceAccount");
                assertThat(subject.path("namespace").asText()).isEqualTo("referee-system");
                accounts.add(subject.path("name").asText());
              }
              var expected =
                  switch (binding.path("roleRef").path("name").asText()) {
                    case "referee-webhook" -> Set.of("referee-webhook");
                    case "referee-operator",
                        "referee-registries",
                        "referee-webhook-configurations" ->
                        Set.of("referee-operator");
                    case "referee-values" -> Set.of("referee-operator", "referee-webhook");
                    default -> Set.of();
                  };
              assertThat(accounts).isEqualTo(new TreeSet<>(expected));
            });
  }

  private List<JsonNode> roles() {
    return installation.ofKind("Role", "ClusterRole").toList();
  }

  private static String key(JsonNode role) {
    return role.path("kind").asText() + "/" + Installation.name(role);
  }

  /// Group and resource; the kinds of our own API as one.
  private static List<String> resources(JsonNode rule) {
    var bound = rule.has("resourceNames") ? "!" : "";
    var found = new ArrayList<String>();
    for (var group : Installation.texts(rule.path("apiGroups"))) {
      for (var resource : Installation.texts(rule.path("resources"))) {
        var kind = resource.replace("/status", "");
        found.add(
            group.equals("referee.dev") && KINDS.contains(kind)
                ? group + "/KINDS" + resource.substring(kind.length())
                : group + "/" + resource + bound);
      }
    }
    return found;
  }
}
