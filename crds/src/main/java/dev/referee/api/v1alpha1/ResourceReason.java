package dev.referee.api.v1alpha1;

/// Why an object was not understood: stable codes, in the spelling of condition reasons.
public enum ResourceReason {
  UNKNOWN_KIND("UnknownKind"),
  UNKNOWN_VERSION("UnknownVersion"),
  UNKNOWN_FIELD("UnknownField"),
  INVALID_VALUE("InvalidValue"),
  /// Not even its name could be read.
  INVALID_METADATA("InvalidMetadata");

  private final String label;

  ResourceReason(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
