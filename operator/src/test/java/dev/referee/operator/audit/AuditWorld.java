package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.referee.api.v1alpha1.AuditSpec;
import dev.referee.api.v1alpha1.InvalidResourceException;
import dev.referee.api.v1alpha1.PolicyStatus.WouldDeny;
import dev.referee.api.v1alpha1.ReportKind;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceReader;
import dev.referee.gate.Gate;
import dev.referee.gate.PolicySource;
import dev.referee.oci.Descriptor;
import dev.referee.oci.SourceException;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.SigningKey;
import dev.referee.verify.ProofMemory;
import dev.referee.verify.policy.Policy;
import dev.referee.verify.policy.PolicyCompiler;
import dev.referee.verify.policy.PolicySet;
import dev.referee.verify.policy.ReferencedValues;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// An audit without a cluster: policies as users write them, a repository with real signatures, the
/// real engine, a clock that stands still, and reports that survive a restart as trees.
final class AuditWorld {
  static final Duration INTERVAL = Duration.ofHours(1);
  static final SigningKey KEY = SigningKey.p256();

  final MemoryRepository repository = new MemoryRepository();
  final Map<String, Resource> resources = new TreeMap<>();
  final Map<String, JsonNode> stored = new ConcurrentHashMap<>();
  final List<String> requests = new CopyOnWriteArrayList<>();
  final Map<ResourceId, WouldDeny> wouldDeny = new HashMap<>();
  final Map<String, Map<String, String>> namespaces = new HashMap<>();
  final Set<String> excluded = ConcurrentHashMap.newKeySet();
  final Map<String, Workload> owners = new HashMap<>();
  final List<String> judged = new CopyOnWriteArrayList<>();
  final List<String> said = new ArrayList<>();
  Optional<ReportFormat> installed = Optional.of(ReportFormat.OPEN_REPORTS);
  ReportKind wanted = ReportKind.AUTO;
  Instant now = Instant.parse("2026-11-27T12:00:00Z");
  boolean apiServerIsDown;
  boolean ready = true;
  private final Map<String, Pod> running = new LinkedHashMap<>();
  private PodStore pods = new PodStore(() -> {});
  private AuditRounds rounds = create();

  /// Everything that a process remembers is gone; the cluster is not.
  void restart() {
    pods = new PodStore(() -> {});
    running.values().forEach(this::deliver);
    rounds = create();
    requests.clear();
    judged.clear();
  }

  /// Rounds until there is nothing to do.
  void work() {
    while (rounds.round().isZero()) {
      // More waits.
    }
  }

  Duration round() {
    return rounds.round();
  }

  void advance(Duration time) {
    now = now.plus(time);
  }

  void apply(String yaml) {
    var resource = resource(yaml);
    resources.put(resource.id().toString(), resource);
  }

  void delete(String id) {
    if (resources.remove(id) == null) {
      throw new IllegalArgumentException(id + " is not there");
    }
  }

  /// The signer of the world's key.
  void applySigner() {
    apply(
        """
        apiVersion: referee.dev/v1alpha1
        kind: ClusterSigner
        metadata: {name: ci}
        spec:
          key:
            publicKey: |
        %s
        """
            .formatted(KEY.publicKeyPem().indent(6)));
  }

  void applyPolicy(String name, String action) {
    apply(
        """
        apiVersion: referee.dev/v1alpha1
        kind: ClusterReferrerPolicy
        metadata: {name: %s}
        spec:
          match: {images: ["registry.example.com/**"]}
          action: %s
          require: [{name: signed, signature: {by: [ci]}}]
        """
            .formatted(name, action));
  }

  Descriptor push(String name) {
    try {
      return Artifacts.image(repository, name, name);
    } catch (SourceException e) {
      throw new IllegalStateException(e);
    }
  }

  Descriptor pushSigned(String name) {
    var image = push(name);
    try {
      new CosignSigner(KEY).sign(repository, image);
    } catch (SourceException e) {
      throw new IllegalStateException(e);
    }
    return image;
  }

  void run(String namespace, String pod, String owner, Descriptor image) {
    run(
        Pods.running(
            namespace,
            pod,
            owner,
            "registry.example.com/%s/%s:v1".formatted(namespace, pod.replaceFirst("-[0-9]+$", "")),
            image.digest().toString()));
  }

  void run(Pod pod) {
    running.put(pods.getKey(pod), pod);
    deliver(pod);
  }

  void stop(String namespace, String pod) {
    var key = namespace + "/" + pod;
    if (running.remove(key) == null) {
      throw new IllegalArgumentException(key + " does not run");
    }
    var _ = pods.remove(key);
  }

  private void deliver(Pod pod) {
    var _ = pods.put(pods.getKey(pod), pod);
  }

  WorkloadReport report(String uid) {
    return find(uid)
        .orElseThrow(
            () -> new AssertionError("no report of %s in %s".formatted(uid, stored.keySet())));
  }

  Optional<WorkloadReport> find(String uid) {
    return Optional.ofNullable(stored.get("referee-" + uid)).flatMap(ReportTree::read);
  }

  /// `signed=fail UNSIGNED`, for each result of a report.
  List<String> results(String uid) {
    return report(uid).results().stream()
        .map(r -> "%s=%s %s".formatted(r.requirement(), r.result(), r.reason()).strip())
        .toList();
  }

  WouldDeny wouldDeny(String policy) {
    return wouldDeny.entrySet().stream()
        .filter(entry -> entry.getKey().toString().equals(policy))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  PolicySet policies() {
    return PolicyCompiler.compile(resources.values(), ReferencedValues.NONE);
  }

  WorkloadVerifier verifier() {
    var source =
        new PolicySource() {
          @Override
          public PolicySet current() {
            return policies();
          }

          @Override
          public boolean isReady() {
            return true;
          }

          @Override
          public void close() {
            // Nothing is open.
          }
        };
    var gate =
        new Gate(
            source,
            name -> Optional.ofNullable(namespaces.getOrDefault(name, Map.of())),
            repository,
            ProofMemory.NONE,
            () -> now);
    return new WorkloadVerifier(
        (image, namespace, labels, deadline) -> {
          judged.add(image.toString());
          return gate.decide(image, namespace, labels, deadline);
        },
        Duration.ofSeconds(60));
  }

  private AuditRounds create() {
    var meters = new AuditMeters(new SimpleMeterRegistry());
    var status = new Status();
    return new AuditRounds(
        pods,
        this::owner,
        new StandingBasis(),
        verifier(),
        new ReportShelf(new StoredReports(), status, meters, () -> now),
        new WouldDenyBoard(status, meters),
        meters,
        () -> now,
        4);
  }

  private Workload owner(RunningPod pod) {
    if (apiServerIsDown) {
      throw new KubernetesClientException("the API server is down on purpose");
    }
    var controller = pod.controller();
    if (controller == null) {
      return pod.asWorkload();
    }
    return owners.getOrDefault(controller.uid(), controller.in(pod.namespace()));
  }

  private static Resource resource(String yaml) {
    try {
      return ResourceReader.read(new YAMLMapper().readTree(yaml));
    } catch (JsonProcessingException | InvalidResourceException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }

  private final class StandingBasis implements Basis {
    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public String fingerprint() {
      return resources.toString();
    }

    @Override
    public String namespace(String namespace) {
      return Hashes.sorted(namespaces.getOrDefault(namespace, Map.of()));
    }

    @Override
    public boolean isExcluded(String namespace) {
      return excluded.contains(namespace);
    }

    @Override
    public AuditSpec audit() {
      return new AuditSpec(INTERVAL, wanted);
    }

    @Override
    public Collection<ResourceId> policies() {
      return AuditWorld.this.policies().policies().stream().map(Policy::id).toList();
    }
  }

  private final class Status implements AuditStatus {
    @Override
    public void wouldDeny(ResourceId policy, WouldDeny summary) {
      ask("status " + policy);
      AuditWorld.this.wouldDeny.put(policy, summary);
    }

    @Override
    public void reports(ReportKind asked, Optional<ReportFormat> found) {
      said.add("%s: %s".formatted(asked, found.map(ReportFormat::kind).orElse("none")));
    }
  }

  private final class StoredReports implements Reports {
    @Override
    public Optional<ReportFormat> find(ReportKind asked) {
      ask("find");
      return asked == ReportKind.NONE ? Optional.empty() : installed;
    }

    @Override
    public List<WorkloadReport> list(ReportFormat format) {
      ask("list");
      return stored.values().stream()
          .filter(tree -> tree.path("kind").asText().equals(format.kind()))
          .map(ReportTree::read)
          .flatMap(Optional::stream)
          .toList();
    }

    @Override
    public void write(WorkloadReport report, ReportFormat format) {
      ask("write " + report.workload().name());
      stored.put(ReportTree.name(report.workload()), ReportTree.write(report, format));
    }

    @Override
    public void remove(Workload workload, ReportFormat format) {
      ask("remove " + workload.name());
      stored.remove(ReportTree.name(workload));
    }

    @Override
    public void removeOthers(Optional<ReportFormat> kept) {
      stored
          .values()
          .removeIf(
              tree ->
                  !kept.map(ReportFormat::kind).equals(Optional.of(tree.path("kind").asText())));
    }
  }

  private void ask(String request) {
    if (apiServerIsDown) {
      throw new KubernetesClientException("the API server is down on purpose");
    }
    requests.add(request);
  }

  /// What the API server keeps of a workload's report.
  JsonNode tree(String uid) {
    return requireNonNull(stored.get("referee-" + uid), uid);
  }
}
