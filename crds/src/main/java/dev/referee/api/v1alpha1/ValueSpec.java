package dev.referee.api.v1alpha1;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A text, written out or kept elsewhere: exactly one of the three.
///
/// @param inline the text itself
/// @param secretKeyRef the value of a Secret that is the text
/// @param configMapKeyRef the value of a ConfigMap that is the text
public record ValueSpec(
    @Nullable String inline,
    @Nullable KeyReference secretKeyRef,
    @Nullable KeyReference configMapKeyRef) {
  public ValueSpec {
    Specs.check(inline == null || !inline.isEmpty(), "inline is empty");
    Specs.check(
        Stream.of(inline, secretKeyRef, configMapKeyRef).filter(Objects::nonNull).count() == 1,
        "a value is exactly one of inline, secretKeyRef or configMapKeyRef");
  }

  /// A text that is written out.
  public static ValueSpec of(String inline) {
    return new ValueSpec(inline, null, null);
  }
}
