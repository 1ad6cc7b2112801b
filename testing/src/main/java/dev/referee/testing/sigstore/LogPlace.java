package dev.referee.testing.sigstore;

import java.util.List;

/// Where an entry is in a log, and the way from it to the root.
///
/// @param logIndex among all shards
/// @param treeIndex in its tree
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
record LogPlace(long logIndex, long treeIndex, long treeSize, byte[] root, List<byte[]> way) {}
