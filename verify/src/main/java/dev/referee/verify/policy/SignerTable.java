package dev.referee.verify.policy;

import static dev.referee.api.v1alpha1.ResourceKind.CLUSTER_SIGNER;
import static dev.referee.api.v1alpha1.ResourceKind.SIGNER;
import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.GroupSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.SignedBySpec;
import dev.referee.api.v1alpha1.SignerSpec;
import dev.referee.verify.trust.Credential;
import dev.referee.verify.trust.TrustedSigner;
import dev.referee.verify.trust.Validity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The signers that policies may name.
///
/// A policy of a namespace finds the Signers of that namespace first and then the ClusterSigners;
/// it never finds those of another namespace. Hiding a ClusterSigner behind a Signer of the same
/// name only ever concerns that namespace's own policies, which add demands and never weaken the
/// cluster's. Members of groups are found as if a policy of the group's scope had named them.
final class SignerTable {
  private final CredentialCompiler credentials;
  private final Map<ResourceId, SignerSpec> specs = new HashMap<>();
  private final Map<ResourceId, TrustedSigner> usable = new HashMap<>();
  private final Map<ResourceId, Problem> unusable = new HashMap<>();

  /// The groups that are being compiled, from the outermost to the innermost.
  private final Set<ResourceId> open = new LinkedHashSet<>();

  /// @param credentials compiles what signers are; knows every trust root
  SignerTable(CredentialCompiler credentials) {
    this.credentials = requireNonNull(credentials, "credentials is null");
  }

  void add(Resource.Signer signer) {
    specs.put(signer.id(), signer.spec());
  }

  void addInvalid(Problem problem) {
    unusable.put(problem.object(), problem);
  }

  /// Compiles every signer, whether a policy names it or not. To be called when all are known.
  void compile() {
    // In one order, so that of two objects that make no sense together the same one says so.
    var ordered = new TreeMap<String, ResourceId>();
    specs.keySet().forEach(id -> ordered.put(id.toString(), id));
    ordered.values().forEach(this::compile);
  }

  /// Every problem of a signer itself.
  List<Problem> problems() {
    return List.copyOf(unusable.values());
  }

  private void compile(ResourceId id) {
    var spec = specs.get(id);
    if (spec == null || usable.containsKey(id) || unusable.containsKey(id)) {
      return;
    }
    try {
      var validity = new Validity(spec.validFrom(), spec.validUntil());
      usable.put(id, new TrustedSigner(id, credential(id, spec), validity));
    } catch (UnresolvedException e) {
      addInvalid(new Problem(id, e.reason(), e.sentence()));
    }
  }

  private Credential credential(ResourceId id, SignerSpec spec) throws UnresolvedException {
    if (spec.key() != null) {
      return credentials.key(id, spec.key());
    }
    if (spec.keyless() != null) {
      return credentials.keyless(spec.keyless());
    }
    if (spec.x509() != null) {
      return credentials.x509(id, spec.x509());
    }
    if (spec.notation() != null) {
      return credentials.notation(id, spec.notation());
    }
    return group(id, requireNonNull(spec.group(), "a signer is of one kind"));
  }

  private Credential group(ResourceId id, GroupSpec spec) throws UnresolvedException {
    open.add(id);
    try {
      var members = resolve(spec.signers(), id.namespace());
      return new Credential.Group(members, spec.threshold());
    } finally {
      open.remove(id);
    }
  }

  /// Resolves names.
  ///
  /// @throws UnresolvedException for the first name that leads to no usable signer, or to a signer
  ///   twice
  SignedBy resolve(SignedBySpec spec, @Nullable String namespace) throws UnresolvedException {
    return new SignedBy(resolve(spec.by(), namespace), spec.threshold());
  }

  private List<TrustedSigner> resolve(List<String> names, @Nullable String namespace)
      throws UnresolvedException {
    var signers = new ArrayList<TrustedSigner>();
    for (var name : names) {
      signers.add(resolve(name, namespace));
    }
    DistinctSigners.check(signers);
    return signers;
  }

  private TrustedSigner resolve(String name, @Nullable String namespace)
      throws UnresolvedException {
    var candidates = new ArrayList<ResourceId>();
    if (namespace != null) {
      candidates.add(new ResourceId(SIGNER, namespace, name));
    }
    candidates.add(ResourceId.clusterWide(CLUSTER_SIGNER, name));
    for (var id : candidates) {
      if (open.contains(id)) {
        throw new UnresolvedException(
            Problem.CIRCULAR_GROUP, "%s is a member of itself".formatted(id));
      }
      compile(id);
      var signer = usable.get(id);
      if (signer != null) {
        return signer;
      }
      var problem = unusable.get(id);
      if (problem != null) {
        throw new UnresolvedException(
            problem.reason().equals(Problem.CIRCULAR_GROUP)
                ? Problem.CIRCULAR_GROUP
                : Problem.INVALID_SIGNER,
            "%s cannot be used: %s".formatted(id, problem.message()));
      }
    }
    throw new UnresolvedException(
        Problem.UNKNOWN_SIGNER, "there is no signer \"%s\"".formatted(name));
  }
}
