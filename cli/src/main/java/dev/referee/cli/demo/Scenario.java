package dev.referee.cli.demo;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.ArtifactSink;
import dev.referee.oci.SourceException;
import dev.referee.verify.decision.Reason;

/// One image with its referrers, and what should become of it.
///
/// @param name also the image's repository
/// @param story what is special about it
/// @param content pushes it
/// @param expectation what should become of it
record Scenario(String name, String story, Content content, Expectation expectation) {
  Scenario {
    requireNonNull(name, "name is null");
    requireNonNull(story, "story is null");
    requireNonNull(content, "content is null");
    requireNonNull(expectation, "expectation is null");
  }

  /// Pushes an image, tagged, and what refers to it.
  @FunctionalInterface
  interface Content {
    void push(ArtifactSink repository) throws SourceException;
  }

  /// What should become of an image.
  sealed interface Expectation {
    record Admitted() implements Expectation {}

    /// An admission that is refused for one reason.
    ///
    /// @param reason of the one requirement that does not hold
    record Refused(Reason reason) implements Expectation {}

    /// Nothing yet: the rule that would look at it is still to come.
    ///
    /// @param missing which
    record NotChecked(String missing) implements Expectation {}
  }
}
