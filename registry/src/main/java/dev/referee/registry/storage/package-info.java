/// Where the registry keeps its objects: the port, its contract, and the driver for file systems.
/// Knows nothing of manifests or blobs. Start reading at
/// [dev.referee.registry.storage.ObjectStore].
@NullMarked
package dev.referee.registry.storage;

import org.jspecify.annotations.NullMarked;
