package dev.referee.verify.policy;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.oci.Digest;
import dev.referee.verify.decision.Grant;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A ClusterPolicyException, compiled. It waives requirements that it names, in policies that it
/// names, for images and namespaces that it names, and nothing else: two that overlap waive what
/// each of them says (GHSA-gg4x-fgg2-h9w9).
public final class PolicyException {
  static final String ALL = "*";

  private final Grant grant;
  private final Set<ResourceId> policies;
  private final Set<String> requirements;
  private final List<ImagePattern> repositories;
  private final Set<Digest> digests;
  private final Set<String> namespaces;

  /// @param repositories patterns of which one must match, unless one of the digests does
  PolicyException(
      Grant grant,
      Set<ResourceId> policies,
      Set<String> requirements,
      List<ImagePattern> repositories,
      Set<Digest> digests,
      Set<String> namespaces) {
    this.grant = requireNonNull(grant, "grant is null");
    this.policies = Set.copyOf(policies);
    this.requirements = Set.copyOf(requirements);
    this.repositories = List.copyOf(repositories);
    this.digests = Set.copyOf(digests);
    this.namespaces = Set.copyOf(namespaces);
  }

  /// What it grants, and by whose word.
  public Grant grant() {
    return grant;
  }

  /// Whether it waives a requirement for an image now. What is not known never widens it: without a
  /// namespace only an exception for all of them counts, without a repository only a digest.
  ///
  /// @param digest what the image is judged by; null where that is not known
  /// @param now the time at which the decision is made
  public boolean waives(
      ResourceId policy,
      String requirement,
      ImageRequest request,
      @Nullable Digest digest,
      Instant now) {
    return now.isBefore(grant.expiresAt())
        && policies.contains(policy)
        && names(requirements, requirement)
        && names(namespaces, request.namespace())
        && isAbout(request, digest);
  }

  private boolean isAbout(ImageRequest request, @Nullable Digest digest) {
    var repository = request.repository();
    return (digest != null && digests.contains(digest))
        || (repository != null && repositories.stream().anyMatch(p -> p.matches(repository)));
  }

  private static boolean names(Set<String> named, @Nullable String name) {
    return named.contains(ALL) || (name != null && named.contains(name));
  }
}
