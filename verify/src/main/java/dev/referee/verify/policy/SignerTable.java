package dev.referee.verify.policy;

import static dev.referee.api.v1alpha1.ResourceKind.CLUSTER_SIGNER;
import static dev.referee.api.v1alpha1.ResourceKind.SIGNER;
import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.HashAlgorithm;
import dev.referee.api.v1alpha1.KeySpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.SignedBySpec;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.TrustedSigner;
import dev.referee.verify.trust.UnusableKeyException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The signers that policies may name.
///
/// A policy of a namespace finds the Signers of that namespace first and then the ClusterSigners;
/// it never finds those of another namespace. Hiding a ClusterSigner behind a Signer of the same
/// name only ever concerns that namespace's own policies, which add demands and never weaken the
/// cluster's.
final class SignerTable {
  private final ReferencedValues values;
  private final Map<ResourceId, TrustedSigner> usable = new HashMap<>();
  private final Map<ResourceId, Problem> unusable = new HashMap<>();

  /// @param values where signers keep what they do not write out
  SignerTable(ReferencedValues values) {
    this.values = requireNonNull(values, "values is null");
  }

  void add(Resource.Signer signer) {
    var spec = signer.spec().key();
    switch (publicKey(signer.id(), spec)) {
      case ReferencedValues.Value.Found pem -> add(signer.id(), pem.text(), spec.hashAlgorithm());
      case ReferencedValues.Value.Unavailable unavailable ->
          addInvalid(new Problem(signer.id(), unavailable.reason(), unavailable.message()));
    }
  }

  private void add(ResourceId id, String pem, @Nullable HashAlgorithm hash) {
    try {
      usable.put(id, new TrustedSigner(id, TrustedKey.parse(pem, hash)));
    } catch (UnusableKeyException e) {
      addInvalid(new Problem(id, Problem.INVALID_KEY, String.valueOf(e.getMessage())));
    }
  }

  private ReferencedValues.Value publicKey(ResourceId id, KeySpec spec) {
    if (spec.publicKey() != null) {
      return new ReferencedValues.Value.Found(spec.publicKey());
    }
    boolean isSecret = spec.secretKeyRef() != null;
    var reference =
        requireNonNull(
            isSecret ? spec.secretKeyRef() : spec.configMapKeyRef(), "a key is somewhere");
    return values.value(
        new ValueReference(
            isSecret ? ValueReference.Holder.SECRET : ValueReference.Holder.CONFIG_MAP,
            id.namespace(),
            reference.name(),
            reference.key()));
  }

  void addInvalid(Problem problem) {
    unusable.put(problem.object(), problem);
  }

  /// Every problem of a signer itself.
  List<Problem> problems() {
    return List.copyOf(unusable.values());
  }

  /// Resolves names.
  ///
  /// @throws UnresolvedException for the first name that leads to no usable signer, or to a key
  ///   twice
  SignedBy resolve(SignedBySpec spec, @Nullable String namespace) throws UnresolvedException {
    var signers = new ArrayList<TrustedSigner>();
    for (var name : spec.by()) {
      var signer = resolve(name, namespace);
      for (var other : signers) {
        if (other.key().fingerprint().equals(signer.key().fingerprint())) {
          // One key under two names would count twice towards a threshold.
          throw new UnresolvedException(
              Problem.DUPLICATE_KEY,
              "signers %s and %s are one key".formatted(other.name(), signer.name()));
        }
      }
      signers.add(signer);
    }
    return new SignedBy(signers, spec.threshold());
  }

  private TrustedSigner resolve(String name, @Nullable String namespace)
      throws UnresolvedException {
    var candidates = new ArrayList<ResourceId>();
    if (namespace != null) {
      candidates.add(new ResourceId(SIGNER, namespace, name));
    }
    candidates.add(ResourceId.clusterWide(CLUSTER_SIGNER, name));
    for (var id : candidates) {
      var signer = usable.get(id);
      if (signer != null) {
        return signer;
      }
      var problem = unusable.get(id);
      if (problem != null) {
        throw new UnresolvedException(
            Problem.INVALID_SIGNER, "%s cannot be used: %s".formatted(id, problem.message()));
      }
    }
    throw new UnresolvedException(
        Problem.UNKNOWN_SIGNER, "there is no signer \"%s\"".formatted(name));
  }

  /// A name that leads to no usable signer.
  static final class UnresolvedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    UnresolvedException(String reason, String message) {
      super(message);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }
}
