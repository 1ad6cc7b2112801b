package dev.referee.verify.policy;

import static dev.referee.api.v1alpha1.ResourceKind.CLUSTER_TRUST_ROOT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.CertificatesSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.SigstoreTrustSpec;
import dev.referee.api.v1alpha1.TrustRootSpec;
import dev.referee.verify.trust.AuthorityTrust;
import dev.referee.verify.trust.ProofProfile;
import dev.referee.verify.trust.SigstoreTrust;
import dev.referee.verify.trust.TrustRootReader;
import dev.referee.verify.trust.UnusableTrustRootException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The trust roots that signers may name.
final class TrustRootTable {
  private final Texts texts;
  private final Map<String, Trust> usable = new HashMap<>();
  private final Map<String, Problem> unusable = new HashMap<>();

  TrustRootTable(Texts texts) {
    this.texts = requireNonNull(texts, "texts is null");
  }

  private sealed interface Trust {
    record Sigstore(SigstoreTrust trust) implements Trust {}

    record Authority(AuthorityTrust trust) implements Trust {}
  }

  void add(Resource.TrustRoot root) {
    try {
      usable.put(root.id().name(), compile(root.id(), root.spec()));
    } catch (UnresolvedException e) {
      addInvalid(new Problem(root.id(), e.reason(), e.sentence()));
    }
  }

  void addInvalid(Problem problem) {
    unusable.put(problem.object().name(), problem);
  }

  /// Every problem of a trust root itself.
  List<Problem> problems() {
    return List.copyOf(unusable.values());
  }

  private Trust compile(ResourceId id, TrustRootSpec spec) throws UnresolvedException {
    if (spec.sigstore() != null) {
      return new Trust.Sigstore(sigstore(id, spec.sigstore()));
    }
    return new Trust.Authority(
        authority(id, requireNonNull(spec.certificates(), "a trust root is one of two")));
  }

  private SigstoreTrust sigstore(ResourceId id, SigstoreTrustSpec spec) throws UnresolvedException {
    var prove = spec.prove();
    try {
      return new SigstoreTrust(
          TrustRootReader.read(texts.of(id, spec.trustedRoot()).getBytes(UTF_8)),
          new ProofProfile(
              prove.transparencyLog(), prove.signedCertificateTimestamps(), prove.timestamps()));
    } catch (UnusableTrustRootException e) {
      throw new UnresolvedException(Problem.INVALID_TRUST_ROOT, String.valueOf(e.getMessage()));
    }
  }

  /// Authorities that an object writes out or keeps elsewhere.
  AuthorityTrust authority(ResourceId id, CertificatesSpec spec) throws UnresolvedException {
    var timestamps = spec.timestampAuthorities();
    try {
      return AuthorityTrust.read(
          texts.of(id, spec.authorities()), timestamps == null ? null : texts.of(id, timestamps));
    } catch (UnusableTrustRootException e) {
      throw new UnresolvedException(Problem.INVALID_TRUST_ROOT, String.valueOf(e.getMessage()));
    }
  }

  /// The Sigstore instances of that name.
  SigstoreTrust sigstore(String name) throws UnresolvedException {
    return switch (find(name)) {
      case Trust.Sigstore(var trust) -> trust;
      case Trust.Authority _ ->
          throw new UnresolvedException(
              Problem.INVALID_TRUST_ROOT, "ClusterTrustRoot/%s has no sigstore".formatted(name));
    };
  }

  /// The authorities of that name.
  AuthorityTrust authority(String name) throws UnresolvedException {
    return switch (find(name)) {
      case Trust.Authority(var trust) -> trust;
      case Trust.Sigstore _ ->
          throw new UnresolvedException(
              Problem.INVALID_TRUST_ROOT,
              "ClusterTrustRoot/%s has no certificates".formatted(name));
    };
  }

  private Trust find(String name) throws UnresolvedException {
    @Nullable Trust trust = usable.get(name);
    if (trust != null) {
      return trust;
    }
    var problem = unusable.get(name);
    if (problem != null) {
      throw new UnresolvedException(
          Problem.INVALID_TRUST_ROOT,
          "%s cannot be used: %s".formatted(problem.object(), problem.message()));
    }
    throw new UnresolvedException(
        Problem.UNKNOWN_TRUST_ROOT, "there is no %s/%s".formatted(CLUSTER_TRUST_ROOT, name));
  }
}
