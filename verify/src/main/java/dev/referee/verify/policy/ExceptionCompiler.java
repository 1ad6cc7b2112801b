package dev.referee.verify.policy;

import static java.util.stream.Collectors.toMap;

import dev.referee.api.v1alpha1.PolicyExceptionSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.verify.decision.Grant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Compiles exceptions once all policies are known. One that makes no sense in any part counts for
/// nothing: what it may have meant to waive stays required.
final class ExceptionCompiler {
  private final Map<ResourceId, Policy> policies;
  private final List<Problem> problems = new ArrayList<>();

  ExceptionCompiler(List<Policy> policies) {
    this.policies = policies.stream().collect(toMap(Policy::id, Function.identity()));
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  Optional<PolicyException> compile(Resource.PolicyException exception) {
    var id = exception.id();
    var spec = exception.spec();
    int before = problems.size();
    var named = policies(id, spec);
    checkRequirements(id, spec, named);
    var digests = new HashSet<Digest>();
    var repositories = new ArrayList<ImagePattern>();
    for (var image : spec.images()) {
      addImage(id, image, digests, repositories);
    }
    if (problems.size() > before) {
      return Optional.empty();
    }
    return Optional.of(
        new PolicyException(
            new Grant(id, spec.reason(), spec.approvedBy(), spec.expiresAt()),
            named,
            Set.copyOf(spec.requirements()),
            repositories,
            digests,
            Set.copyOf(spec.namespaces())));
  }

  private Set<ResourceId> policies(ResourceId id, PolicyExceptionSpec spec) {
    var named = new HashSet<ResourceId>();
    for (var name : spec.policies()) {
      var policy = policyId(name);
      if (policies.containsKey(policy)) {
        named.add(policy);
      } else {
        problems.add(new Problem(id, Problem.UNKNOWN_POLICY, "there is no " + policy));
      }
    }
    return named;
  }

  /// `production` is a ClusterReferrerPolicy, `shop/extra` a ReferrerPolicy.
  private static ResourceId policyId(String name) {
    int slash = name.indexOf('/');
    return slash < 0
        ? ResourceId.clusterWide(ResourceKind.CLUSTER_REFERRER_POLICY, name)
        : new ResourceId(
            ResourceKind.REFERRER_POLICY, name.substring(0, slash), name.substring(slash + 1));
  }

  /// A requirement that none of the policies has is a misspelt one.
  private void checkRequirements(ResourceId id, PolicyExceptionSpec spec, Set<ResourceId> named) {
    for (var requirement : spec.requirements()) {
      boolean known =
          requirement.equals(PolicyException.ALL)
              || named.stream()
                  .map(policies::get)
                  .flatMap(policy -> policy.requirements().stream())
                  .anyMatch(r -> r.name().equals(requirement));
      if (!known && !named.isEmpty()) {
        problems.add(
            new Problem(
                id,
                Problem.UNKNOWN_REQUIREMENT,
                "no policy that it names has a requirement \"%s\"".formatted(requirement)));
      }
    }
  }

  private void addImage(
      ResourceId id, String image, Set<Digest> digests, List<ImagePattern> repositories) {
    try {
      if (image.startsWith("sha256:") || image.startsWith("sha512:")) {
        digests.add(Digest.parse(image));
      } else {
        repositories.add(ImagePattern.parse(image));
      }
    } catch (IllegalArgumentException | MalformedContentException e) {
      problems.add(new Problem(id, Problem.INVALID_PATTERN, String.valueOf(e.getMessage())));
    }
  }
}
