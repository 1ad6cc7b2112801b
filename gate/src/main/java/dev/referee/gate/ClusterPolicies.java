package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.api.v1alpha1.InvalidResourceException;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.ResourceReader;
import dev.referee.verify.policy.PolicyCompiler;
import dev.referee.verify.policy.PolicySet;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
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
  private final AtomicLong changes = new AtomicLong();
  private final ClusterValues values;
  private final ReentrantLock compiling = new ReentrantLock();
  private volatile Compiled compiled = new Compiled(-1, PolicySet.EMPTY);

  /// What was compiled after how many changes.
  private record Compiled(long changes, PolicySet policies) {}

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
      informer.addEventHandler(new ChangeCounter<>(policies.changes));
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
    long now = changes.get();
    if (compiled.changes() != now) {
      compiling.lock();
      try {
        now = changes.get();
        if (compiled.changes() != now) {
          values.beginRound();
          var policies = PolicyCompiler.compile(resources(), values);
          values.endRound();
          policies.problems().forEach(problem -> LOG.warn("{}", problem));
          compiled = new Compiled(now, policies);
        }
      } finally {
        compiling.unlock();
      }
    }
    return compiled.policies();
  }

  private List<Resource> resources() {
    var resources = new ArrayList<Resource>();
    for (var informer : informers) {
      for (var object : informer.getStore().list()) {
        var resource = read(JSON.valueToTree(object));
        if (resource != null) {
          resources.add(resource);
        }
      }
    }
    return resources;
  }

  private static @Nullable Resource read(JsonNode tree) {
    try {
      return ResourceReader.readOrInvalid(ResourceReader.readId(tree), tree);
    } catch (InvalidResourceException e) {
      // The API server lets no object in without kind, version and name.
      LOG.error("an object of ours cannot be read: {}", e.getMessage());
      return null;
    }
  }

  /// Whether every kind was listed once, and everything looked for that its objects name. Before
  /// that a policy may be missing, or deny for want of a key that is there.
  @Override
  public boolean isReady() {
    if (!informers.stream().allMatch(SharedIndexInformer::hasSynced)) {
      return false;
    }
    // Compiling begins to watch what is named.
    var _ = current();
    return values.isReady();
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
    values.close();
  }
}
