package dev.referee.verify.policy;

import dev.referee.api.v1alpha1.OnError;
import dev.referee.api.v1alpha1.RefereeConfigurationSpec;
import dev.referee.api.v1alpha1.ReferrerPolicySpec;
import dev.referee.api.v1alpha1.RequirementSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.Unmatched;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;

/// Turns the objects of the API into policies that can be applied. What makes no sense is reported
/// and denies: no mistake in an object ever takes a policy out of force.
public final class PolicyCompiler {
  private final TrustRootTable roots;
  private final SignerTable signers;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Policy> policies = new ArrayList<>();
  private RefereeConfigurationSpec configuration = RefereeConfigurationSpec.DEFAULT;

  private PolicyCompiler(ReferencedValues values) {
    var texts = new Texts(values);
    this.roots = new TrustRootTable(texts);
    this.signers = new SignerTable(new CredentialCompiler(texts, roots));
  }

  /// Compiles everything there is. Each object is compiled once it is known what it may name, so
  /// the order of the objects does not matter.
  ///
  /// @param values where objects keep what they do not write out
  public static PolicySet compile(Collection<Resource> resources, ReferencedValues values) {
    var compiler = new PolicyCompiler(values);
    resources.forEach(compiler::addWhatIsNamed);
    compiler.signers.compile();
    resources.forEach(compiler::addPolicy);
    var exceptions = compiler.exceptions(resources);
    compiler.problems.addAll(compiler.roots.problems());
    compiler.problems.addAll(compiler.signers.problems());
    return new PolicySet(compiler.policies, exceptions, compiler.configuration, compiler.problems);
  }

  private List<PolicyException> exceptions(Collection<Resource> resources) {
    var compiler = new ExceptionCompiler(policies);
    var exceptions =
        resources.stream()
            .filter(Resource.PolicyException.class::isInstance)
            .map(Resource.PolicyException.class::cast)
            .flatMap(exception -> compiler.compile(exception).stream())
            .toList();
    problems.addAll(compiler.problems());
    return exceptions;
  }

  private void addWhatIsNamed(Resource resource) {
    switch (resource) {
      case Resource.TrustRoot root -> roots.add(root);
      case Resource.Signer signer -> signers.add(signer);
      case Resource.Configuration found -> configuration = found.spec();
      case Resource.Policy policy -> {
        // In the second round, when every signer is known.
      }
      case Resource.PolicyException exception -> {
        // In the third round, when every policy is known.
      }
      case Resource.RegistryConfig registry -> {
        // Says nothing about what an image needs.
      }
      case Resource.OciRegistry registry -> {
        // Nor does this.
      }
      case Resource.Invalid invalid -> addInvalid(invalid);
    }
  }

  private void addInvalid(Resource.Invalid invalid) {
    var problem =
        new Problem(
            invalid.id(),
            invalid.problem().reason().toString(),
            String.valueOf(invalid.problem().getMessage()));
    switch (invalid.id().kind()) {
      case CLUSTER_SIGNER, SIGNER -> signers.addInvalid(problem);
      case CLUSTER_TRUST_ROOT -> roots.addInvalid(problem);
      case REFEREE_CONFIGURATION -> {
        problems.add(problem);
        // What was meant is not known; the strictest it could have meant holds.
        configuration = RefereeConfigurationSpec.unmatched(Unmatched.DENY);
      }
      case CLUSTER_POLICY_EXCEPTION, CLUSTER_REGISTRY_CONFIG, OCI_REGISTRY -> problems.add(problem);
      case CLUSTER_REFERRER_POLICY, REFERRER_POLICY -> {
        problems.add(problem);
        policies.add(denying(invalid, problem));
      }
    }
  }

  private void addPolicy(Resource resource) {
    if (resource instanceof Resource.Policy policy) {
      policies.add(compile(policy.id(), policy.spec()));
    }
  }

  private Policy compile(ResourceId id, ReferrerPolicySpec spec) {
    var requirements = new ArrayList<Requirement>();
    if (id.kind() == ResourceKind.REFERRER_POLICY && spec.match().namespaceSelector() != null) {
      requirements.add(
          broken(
              id,
              "match",
              Problem.NAMESPACE_SELECTOR,
              "a ReferrerPolicy speaks for its own namespace and selects no others"));
    }
    var match = PolicyMatch.everything(id.namespace());
    try {
      match = PolicyMatch.compile(id.namespace(), spec.match());
    } catch (IllegalArgumentException e) {
      requirements.add(
          broken(id, "match", Problem.INVALID_PATTERN, String.valueOf(e.getMessage())));
    }
    for (var requirement : spec.require()) {
      requirements.add(compile(id, requirement));
    }
    return new Policy(
        id, match, spec.action(), spec.onError(), spec.timeout(), spec.pinDigests(), requirements);
  }

  private Requirement compile(ResourceId id, RequirementSpec spec) {
    try {
      if (spec.signature() != null) {
        return new Requirement.Signature(
            spec.name(), signers.resolve(spec.signature(), id.namespace()));
      }
      if (spec.sbom() != null) {
        var signedBy = spec.sbom().signedBy();
        return new Requirement.Sbom(
            spec.name(),
            EnumSet.copyOf(spec.sbom().formats()),
            signedBy == null ? null : signers.resolve(signedBy, id.namespace()));
      }
      if (spec.deny() != null) {
        return new Requirement.Deny(spec.name(), spec.deny().message());
      }
      throw new IllegalStateException("a requirement of no kind was read");
    } catch (UnresolvedException e) {
      return broken(id, spec.name(), e.reason(), String.valueOf(e.getMessage()));
    }
  }

  private Requirement broken(ResourceId id, String name, String reason, String message) {
    problems.add(new Problem(id, reason, "%s: %s".formatted(name, message)));
    return new Requirement.Broken(name, message);
  }

  private static Policy denying(Resource.Invalid invalid, Problem problem) {
    var namespace = invalid.id().namespace();
    var match = PolicyMatch.everything(namespace);
    try {
      if (invalid.match() != null) {
        match = PolicyMatch.compile(namespace, invalid.match());
      }
    } catch (IllegalArgumentException e) {
      // The patterns make no sense either: it stays with everything.
      match = PolicyMatch.everything(namespace);
    }
    return new Policy(
        invalid.id(),
        match,
        invalid.action(),
        OnError.DENY,
        ReferrerPolicySpec.DEFAULT_TIMEOUT,
        true,
        List.of(new Requirement.Broken("policy", problem.message())));
  }
}
