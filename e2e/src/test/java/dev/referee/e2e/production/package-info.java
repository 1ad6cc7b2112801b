/// A cluster with a node, from installation to removal: nothing but kubectl, helm and the clients
/// that people use. Start reading at [dev.referee.e2e.production.ProductionE2E].
@NullMarked
package dev.referee.e2e.production;

import org.jspecify.annotations.NullMarked;
