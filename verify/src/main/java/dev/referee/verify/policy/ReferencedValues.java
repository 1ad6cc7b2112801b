package dev.referee.verify.policy;

import static java.util.Objects.requireNonNull;

/// Looks up the values that objects keep elsewhere. A lookup answers at once, with what is known.
@FunctionalInterface
public interface ReferencedValues {
  /// Where nothing is kept elsewhere.
  ReferencedValues NONE =
      reference ->
          new Value.Unavailable(
              Problem.REFERENCE_NOT_FOUND, reference.describe() + " is not there");

  /// The value, or why there is none. What is unavailable makes unusable whatever names it.
  Value value(ValueReference reference);

  /// What became of a lookup.
  sealed interface Value {
    /// It is there.
    ///
    /// @param text its content, which may be secret
    record Found(String text) implements Value {
      public Found {
        requireNonNull(text, "text is null");
      }

      /// Never the content: values come from Secrets, and records are logged.
      @Override
      public String toString() {
        return "Found[%d characters]".formatted(text.length());
      }
    }

    /// It is not.
    ///
    /// @param reason one word, in the spelling of condition reasons
    /// @param message a sentence that says what to do
    record Unavailable(String reason, String message) implements Value {
      public Unavailable {
        requireNonNull(reason, "reason is null");
        requireNonNull(message, "message is null");
      }
    }
  }
}
