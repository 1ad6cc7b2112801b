package dev.referee.oci;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.json.JsonFields;
import org.jspecify.annotations.Nullable;

/// The platform of a manifest inside an index (OCI image-spec v1.1, image-index.md).
///
/// @param os `linux`; `unknown` for what does not run
/// @param architecture `amd64`
/// @param variant `v8`, if any
public record Platform(String os, String architecture, @Nullable String variant) {
  public Platform {
    requireNonNull(os, "os is null");
    requireNonNull(architecture, "architecture is null");
  }

  static Platform read(JsonFields fields) {
    return new Platform(
        fields.text("os"), fields.text("architecture"), fields.optionalText("variant"));
  }

  @Override
  public String toString() {
    return variant == null ? os + "/" + architecture : os + "/" + architecture + "/" + variant;
  }
}
