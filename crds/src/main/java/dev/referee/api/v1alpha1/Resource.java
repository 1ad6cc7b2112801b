package dev.referee.api.v1alpha1;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// An object of this API, read.
public sealed interface Resource {
  ResourceId id();

  /// ClusterReferrerPolicy and ReferrerPolicy.
  record Policy(ResourceId id, ReferrerPolicySpec spec) implements Resource {
    public Policy {
      requireNonNull(id, "id is null");
      requireNonNull(spec, "spec is null");
    }
  }

  /// ClusterSigner and Signer.
  record Signer(ResourceId id, SignerSpec spec) implements Resource {
    public Signer {
      requireNonNull(id, "id is null");
      requireNonNull(spec, "spec is null");
    }
  }

  /// ClusterTrustRoot.
  record TrustRoot(ResourceId id, TrustRootSpec spec) implements Resource {
    public TrustRoot {
      requireNonNull(id, "id is null");
      requireNonNull(spec, "spec is null");
    }
  }

  /// ClusterPolicyException.
  record PolicyException(ResourceId id, PolicyExceptionSpec spec) implements Resource {
    public PolicyException {
      requireNonNull(id, "id is null");
      requireNonNull(spec, "spec is null");
    }
  }

  /// ClusterRegistryConfig.
  record RegistryConfig(ResourceId id, RegistryConfigSpec spec) implements Resource {
    public RegistryConfig {
      requireNonNull(id, "id is null");
      requireNonNull(spec, "spec is null");
    }
  }

  /// OciRegistry.
  record OciRegistry(ResourceId id, OciRegistrySpec spec) implements Resource {
    public OciRegistry {
      requireNonNull(id, "id is null");
      requireNonNull(spec, "spec is null");
    }
  }

  /// RefereeConfiguration.
  record Configuration(ResourceId id, RefereeConfigurationSpec spec) implements Resource {
    public Configuration {
      requireNonNull(id, "id is null");
      requireNonNull(spec, "spec is null");
    }
  }

  /// An object that is there but makes no sense. It is kept, because dropping a policy that
  /// somebody misspelt would switch it off: what it decides is denied.
  ///
  /// @param match for a policy, what it is about as far as that could be read; null, everything
  /// @param action for a policy, its action as far as that could be read
  /// @param problem what is wrong with it
  record Invalid(
      ResourceId id, @Nullable MatchSpec match, Action action, InvalidResourceException problem)
      implements Resource {
    public Invalid {
      requireNonNull(id, "id is null");
      requireNonNull(action, "action is null");
      requireNonNull(problem, "problem is null");
    }
  }
}
