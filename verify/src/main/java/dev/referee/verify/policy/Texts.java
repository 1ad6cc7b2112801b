package dev.referee.verify.policy;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.KeyReference;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ValueSpec;
import org.jspecify.annotations.Nullable;

/// Texts that objects write out, or keep in Secrets and ConfigMaps.
final class Texts {
  private final ReferencedValues values;

  Texts(ReferencedValues values) {
    this.values = requireNonNull(values, "values is null");
  }

  /// The text.
  ///
  /// @throws UnresolvedException with why it is not available
  String of(ResourceId object, ValueSpec value) throws UnresolvedException {
    return of(object, value.inline(), value.secretKeyRef(), value.configMapKeyRef());
  }

  /// The one of the three that is there.
  ///
  /// @throws UnresolvedException with why it is not available
  String of(
      ResourceId object,
      @Nullable String inline,
      @Nullable KeyReference secret,
      @Nullable KeyReference configMap)
      throws UnresolvedException {
    if (inline != null) {
      return inline;
    }
    var reference = requireNonNull(secret != null ? secret : configMap, "a value is somewhere");
    var found =
        values.value(
            new ValueReference(
                secret != null ? ValueReference.Holder.SECRET : ValueReference.Holder.CONFIG_MAP,
                object.namespace(),
                reference.name(),
                reference.key()));
    return switch (found) {
      case ReferencedValues.Value.Found text -> text.text();
      case ReferencedValues.Value.Unavailable unavailable ->
          throw new UnresolvedException(unavailable.reason(), unavailable.message());
    };
  }
}
