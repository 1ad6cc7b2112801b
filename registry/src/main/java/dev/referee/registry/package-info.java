/// The bundled OCI 1.1 registry: what is said over HTTP about the content it keeps. Start reading
/// at [dev.referee.registry.Registry], then [dev.referee.registry.RegistryHandler].
@NullMarked
package dev.referee.registry;

import org.jspecify.annotations.NullMarked;
