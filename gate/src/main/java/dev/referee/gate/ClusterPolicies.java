package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.api.v1alpha1.InvalidResourceException;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.ResourceReader;
import dev.referee.gate.registries.Registries;
import dev.referee.gate.registries.RegistryCompiler;
import dev.referee.verify.policy.PolicyCompiler;
import dev.referee.verify.policy.PolicySet;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Policies from the API server, watched.
///
/// Objects are watched as trees and read by our own strict reader: a typed client would drop a
/// misspelt field in silence, and one object that it could not read would keep all others from
/// being listed.
public final class ClusterPolicies implements PolicySource {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterPolicies.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<SharedIndexInformer<GenericKubernetesResource>> informers = new ArrayList<>();
  private final Changes changes = new Changes();
  private final ClusterValues values;
  private final ReentrantLock compiling = new ReentrantLock();
  private volatile Compiled compiled = new Compiled(-1, PolicySet.EMPTY, Registries.NONE, "");
  private volatile boolean wasReady;

  /// What was compiled after how many changes.
  private record Compiled(
      long changes, PolicySet policies, Registries registries, String fingerprint) {}

  private ClusterPolicies(KubernetesClient client, String ownNamespace) {
    this.values = new ClusterValues(client, ownNamespace, changes);
  }

  /// Begins to watch and returns at once. The first lists arrive when the API server answers; the
  /// watches outlast its absence, and that of the CRDs.
  ///
  /// @param ownNamespace where Referee runs, and where cluster-wide objects keep values
  public static ClusterPolicies watch(KubernetesClient client, String ownNamespace) {
    requireNonNull(client, "client is null");
    var policies = new ClusterPolicies(client, ownNamespace);
    for (var kind : ResourceKind.values()) {
      var informer =
          client.genericKubernetesResources(context(kind)).inAnyNamespace().runnableInformer(0);
      // How a bundled registry is reached stands in its status.
      informer.addEventHandler(
          kind == ResourceKind.OCI_REGISTRY
              ? policies.changes.every()
              : policies.changes.ofSpecs());
      Informers.start(informer, kind.plural());
      policies.informers.add(informer);
    }
    return policies;
  }

  private static ResourceDefinitionContext context(ResourceKind kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(ResourceKind.GROUP)
        .withVersion(ResourceKind.VERSION)
        .withKind(kind.kind())
        .withPlural(kind.plural())
        .withNamespaced(kind.namespaced())
        .build();
  }

  @Override
  public PolicySet current() {
    return compiled().policies();
  }

  /// How registries are reached, and the bundled ones.
  @Override
  public Registries registries() {
    return compiled().registries();
  }

  /// Tells one state of everything that decides from another, also across restarts: policies,
  /// signers, exceptions, configurations, and the values that they keep elsewhere. What says how a
  /// bundled registry fares is left out.
  public String fingerprint() {
    return compiled().fingerprint();
  }

  private Compiled compiled() {
    long now = changes.count();
    if (compiled.changes() != now) {
      compiling.lock();
      try {
        now = changes.count();
        if (compiled.changes() != now) {
          compiled = compile(now);
        }
      } finally {
        compiling.unlock();
      }
    }
    return compiled;
  }

  private Compiled compile(long now) {
    var objects = objects();
    var resources = objects.stream().map(ClusterObject::resource).toList();
    values.beginRound();
    var fingerprint = new PolicyFingerprint(objects);
    var policies = PolicyCompiler.compile(resources, fingerprint.of(values));
    var registries = RegistryCompiler.compile(now + 1, objects, fingerprint.of(values));
    values.endRound();
    policies.problems().forEach(problem -> LOG.warn("{}", problem));
    registries.problems().forEach(problem -> LOG.warn("{}", problem));
    return new Compiled(now, policies, registries, fingerprint.value());
  }

  /// Every object of ours that is known, in no order.
  public List<ClusterObject> objects() {
    var objects = new ArrayList<ClusterObject>();
    for (var informer : informers) {
      for (var object : informer.getStore().list()) {
        read(JSON.valueToTree(object)).ifPresent(objects::add);
      }
    }
    return objects;
  }

  private static Optional<ClusterObject> read(JsonNode tree) {
    try {
      var id = ResourceReader.readId(tree);
      return Optional.of(new ClusterObject(id, tree, ResourceReader.readOrInvalid(id, tree)));
    } catch (InvalidResourceException e) {
      // The API server lets no object in without kind, version and name.
      LOG.error("an object of ours cannot be read: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /// Calls back after every change of an object of ours, or of a value that one names, also of a
  /// status. The listener must return at once.
  public void onChange(Runnable listener) {
    changes.listen(listener);
  }

  /// Whether every kind was listed once, and everything looked for that its objects name. Before
  /// that a policy may be missing, or deny for want of a key that is there. Once that was so it
  /// stays so: what is named later is not known for a moment, which denies what it decides and
  /// nothing else.
  @Override
  public boolean isReady() {
    if (wasReady) {
      return true;
    }
    if (!informers.stream().allMatch(SharedIndexInformer::hasSynced)) {
      return false;
    }
    // Compiling begins to watch what is named.
    var _ = current();
    wasReady = values.isReady();
    return wasReady;
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
    values.close();
  }
}
