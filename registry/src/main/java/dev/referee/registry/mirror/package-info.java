/// Registries elsewhere: repositories that keep evidence of images that are not here (overlays),
/// and repositories that bring what they do not have (mirrors). Start reading at
/// [dev.referee.registry.mirror.PullThrough].
@NullMarked
package dev.referee.registry.mirror;

import org.jspecify.annotations.NullMarked;
