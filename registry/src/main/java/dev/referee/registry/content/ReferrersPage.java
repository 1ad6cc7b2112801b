package dev.referee.registry.content;

import dev.referee.oci.Digest;
import org.jspecify.annotations.Nullable;

/// A page of referrers, ready to be sent.
///
/// @param body an image index
/// @param digest of the body, for conditional requests
/// @param next where the next page begins; null on the last
/// @param complete false when an edge was left out whose manifest is not there
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
public record ReferrersPage(byte[] body, Digest digest, @Nullable String next, boolean complete) {}
