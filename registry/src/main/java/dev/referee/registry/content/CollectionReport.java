package dev.referee.registry.content;

/// What one collection removed, or would have removed.
///
/// @param manifests manifests that nothing held
/// @param links links that no manifest needed
/// @param blobs generations of content that no repository had
/// @param bytes the size of those
/// @param kept manifests that are there
/// @param untouched repositories in which something cannot be read, so that all they have stays
public record CollectionReport(
    long manifests, long links, long blobs, long bytes, long kept, long untouched) {}
