/// What an OciRegistry becomes in the cluster, as a pure function of its spec: nothing in here
/// speaks to an API server or reads a clock. Start reading at
/// [dev.referee.operator.registry.model.RegistryObjects].
@NullMarked
package dev.referee.operator.registry.model;

import org.jspecify.annotations.NullMarked;
