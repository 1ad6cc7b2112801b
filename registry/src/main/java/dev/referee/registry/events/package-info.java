/// What happens to the registry's content, told to whoever wants to know.
@NullMarked
package dev.referee.registry.events;

import org.jspecify.annotations.NullMarked;
