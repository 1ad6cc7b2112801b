/// The client for any registry: who answers, with which token, what refers to what, and how to
/// push. Start reading at [dev.referee.client.RegistryClient].
@NullMarked
package dev.referee.client;

import org.jspecify.annotations.NullMarked;
