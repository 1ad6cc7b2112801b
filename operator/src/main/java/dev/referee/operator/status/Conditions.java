package dev.referee.operator.status;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.verify.policy.Problem;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What to say about objects. Pure.
public final class Conditions {
  /// Whether something holds, and what a person can do about it.
  ///
  /// @param ready whether the object is in force
  /// @param reason one word for programs
  /// @param message a sentence for people
  public record Verdict(boolean ready, String reason, String message) {
    public Verdict {
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
    }
  }

  static final String COMPILED = "Compiled";
  static final String EXPIRED = "Expired";
  static final String NOT_YET_VALID = "NotYetValid";

  /// API servers do not ask the webhook yet: nothing is enforced.
  static final String NOT_ENFORCED = "NotEnforced";

  /// As many problems of one object as anybody reads at once.
  private static final int MAX_PROBLEMS = 10;

  private final Map<ResourceId, List<Problem>> problems;
  private final @Nullable String notEnforced;
  private final Instant now;

  /// @param problems everything that makes no sense
  /// @param notEnforced why API servers do not ask the webhook; null when they do
  public Conditions(List<Problem> problems, @Nullable String notEnforced, Instant now) {
    this.problems = problems.stream().collect(Collectors.groupingBy(Problem::object));
    this.notEnforced = notEnforced;
    this.now = requireNonNull(now, "now is null");
  }

  /// What to say about an object; empty for those whose own reconciler speaks.
  public Optional<Verdict> of(Resource resource) {
    var wrong = problems.getOrDefault(resource.id(), List.of());
    return switch (resource) {
      case Resource.OciRegistry _ -> Optional.empty();
      case Resource.Invalid invalid ->
          Optional.of(
              new Verdict(
                  false,
                  invalid.problem().reason().toString(),
                  String.valueOf(invalid.problem().getMessage())));
      case Resource.Policy policy -> Optional.of(wrong.isEmpty() ? of(policy) : of(wrong));
      case Resource.Signer signer -> Optional.of(wrong.isEmpty() ? of(signer) : of(wrong));
      case Resource.TrustRoot _ ->
          Optional.of(
              wrong.isEmpty() ? new Verdict(true, COMPILED, "can be named by signers") : of(wrong));
      case Resource.PolicyException exception ->
          Optional.of(wrong.isEmpty() ? of(exception) : of(wrong));
      case Resource.RegistryConfig config ->
          Optional.of(
              wrong.isEmpty()
                  ? new Verdict(
                      true, COMPILED, "%s is reached as it says".formatted(config.spec().host()))
                  : of(wrong));
      case Resource.Configuration configuration ->
          Optional.of(
              wrong.isEmpty()
                  ? enforced(
                      "images that no policy matches: %s"
                          .formatted(configuration.spec().unmatched()))
                  : of(wrong));
    };
  }

  private Verdict of(Resource.Policy policy) {
    int requirements = policy.spec().require().size();
    return enforced(
        "%d %s, %s"
            .formatted(
                requirements,
                requirements == 1 ? "requirement" : "requirements",
                policy.spec().action()));
  }

  private Verdict enforced(String message) {
    return notEnforced == null
        ? new Verdict(true, COMPILED, message)
        : new Verdict(false, NOT_ENFORCED, "API servers do not ask Referee: " + notEnforced);
  }

  private Verdict of(Resource.Signer signer) {
    var spec = signer.spec();
    if (spec.validUntil() != null && !now.isBefore(spec.validUntil())) {
      return new Verdict(
          false, EXPIRED, "ended at %s and speaks for nothing".formatted(spec.validUntil()));
    }
    if (spec.validFrom() != null && now.isBefore(spec.validFrom())) {
      return new Verdict(
          false, NOT_YET_VALID, "speaks for nothing before %s".formatted(spec.validFrom()));
    }
    return new Verdict(true, COMPILED, "can be named by policies");
  }

  private Verdict of(Resource.PolicyException exception) {
    var spec = exception.spec();
    return now.isBefore(spec.expiresAt())
        ? new Verdict(
            true,
            COMPILED,
            "approved by %s until %s".formatted(spec.approvedBy(), spec.expiresAt()))
        : new Verdict(false, EXPIRED, "ended at %s and waives nothing".formatted(spec.expiresAt()));
  }

  private static Verdict of(List<Problem> wrong) {
    var sorted =
        wrong.stream()
            .sorted(Comparator.comparing(Problem::reason).thenComparing(Problem::message))
            .toList();
    int more = sorted.size() - MAX_PROBLEMS;
    return new Verdict(
        false,
        sorted.getFirst().reason(),
        Stream.concat(
                sorted.stream().limit(MAX_PROBLEMS).map(Problem::message),
                more > 0 ? Stream.of("and %d more problems".formatted(more)) : Stream.of())
            .collect(Collectors.joining("; ")));
  }

  /// When what is said about an object changes by itself; empty where it does not.
  public static Optional<Instant> changesAt(Resource resource, Instant now) {
    return ends(resource).filter(now::isBefore).min(Instant::compareTo);
  }

  private static Stream<Instant> ends(Resource resource) {
    return switch (resource) {
      case Resource.PolicyException exception -> Stream.of(exception.spec().expiresAt());
      case Resource.Signer signer ->
          Stream.of(signer.spec().validFrom(), signer.spec().validUntil()).filter(Objects::nonNull);
      case Resource.Policy _,
          Resource.TrustRoot _,
          Resource.RegistryConfig _,
          Resource.OciRegistry _,
          Resource.Configuration _,
          Resource.Invalid _ ->
          Stream.of();
    };
  }
}
