package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// One condition of a status, as Kubernetes writes them (`metav1.Condition`).
///
/// @param type `Ready`
/// @param status `True`, `False` or `Unknown`
/// @param reason one word for programs
/// @param message a sentence for people
/// @param observedGeneration the generation of the spec that was looked at
/// @param lastTransitionTime when `status` changed, RFC 3339
public record Condition(
    String type,
    String status,
    String reason,
    String message,
    @Nullable Long observedGeneration,
    String lastTransitionTime) {}
