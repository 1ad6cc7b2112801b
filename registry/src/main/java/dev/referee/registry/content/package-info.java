/// What the registry keeps (manifests, tags, referrers, blobs, uploads) as objects in a store, and
/// the order in which they are written. Knows nothing of HTTP. Start reading at
/// [dev.referee.registry.content.Keys], then [dev.referee.registry.content.ManifestPush].
@NullMarked
package dev.referee.registry.content;

import org.jspecify.annotations.NullMarked;
