package dev.referee.registry.access;

/// What somebody may do with a repository. None implies another.
public enum Action {
  PULL("Pull"),
  PUSH("Push"),
  DELETE("Delete"),
  /// Keeping manifests from being collected.
  PIN("Pin");

  private final String label;

  Action(String label) {
    this.label = label;
  }

  /// As access files and custom resources write it.
  public String label() {
    return label;
  }
}
