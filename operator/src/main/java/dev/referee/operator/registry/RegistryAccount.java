package dev.referee.operator.registry;

import org.jspecify.annotations.Nullable;

/// What a registry says of itself.
///
/// @param storedBytes how much it keeps; absent, it does not say
/// @param lastCollection when it last collected, RFC 3339; absent, never, or it does not say
record RegistryAccount(@Nullable Long storedBytes, @Nullable String lastCollection) {}
