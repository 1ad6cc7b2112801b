package dev.referee.verify.decision;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.Unmatched;
import dev.referee.oci.Digest;
import dev.referee.oci.Reference;
import dev.referee.verify.decision.PolicyResult.Effect;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// May this image run? The one answer, with everything that led to it: whoever shows it renders it,
/// and nobody computes it again.
public sealed interface Decision {
  /// What led to it.
  Findings findings();

  /// Whether the image may run.
  default boolean admits() {
    return switch (this) {
      case Allowed allowed -> true;
      case Warned warned -> true;
      case Denied denied -> false;
    };
  }

  /// Everything that matched holds, or only an audit would say otherwise.
  record Allowed(Findings findings) implements Decision {}

  /// The image may run, and whoever runs it is told what does not hold.
  record Warned(Findings findings) implements Decision {}

  /// The image may not run.
  record Denied(Findings findings) implements Decision {
    /// Whether asking again later could be answered otherwise without anybody changing anything.
    public boolean isUndecided() {
      var denying =
          findings.policies().stream().filter(policy -> policy.effect() == Effect.DENY).toList();
      return !denying.isEmpty() && denying.stream().allMatch(PolicyResult::isUndecided);
    }
  }

  /// What a decision follows from.
  ///
  /// @param image the image, as it was named
  /// @param digest what it was judged by; null when no policy needed it or it could not be found
  ///   out
  /// @param policies the policies that matched
  /// @param unmatched what holds for an image that none matched
  record Findings(
      Reference image, @Nullable Digest digest, List<PolicyResult> policies, Unmatched unmatched) {
    public Findings {
      requireNonNull(image, "image is null");
      requireNonNull(unmatched, "unmatched is null");
      policies = List.copyOf(policies);
    }
  }

  /// Decides: every policy must hold, and the strictest outcome wins.
  static Decision of(Findings findings) {
    var effect =
        findings.policies().isEmpty()
            ? effectOf(findings.unmatched())
            : findings.policies().stream()
                .map(PolicyResult::effect)
                .max(Effect::compareTo)
                .orElse(Effect.DENY);
    return switch (effect) {
      case ALLOW -> new Allowed(findings);
      case WARN -> new Warned(findings);
      case DENY -> new Denied(findings);
    };
  }

  private static Effect effectOf(Unmatched unmatched) {
    return switch (unmatched) {
      case ALLOW -> Effect.ALLOW;
      case WARN -> Effect.WARN;
      case DENY -> Effect.DENY;
    };
  }
}
