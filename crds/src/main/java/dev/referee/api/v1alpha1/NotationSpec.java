package dev.referee.api.v1alpha1;

/// Whoever signs with Notation. The field has its place, so that nobody takes it for a misspelt
/// one; it is not available yet.
public record NotationSpec() {}
