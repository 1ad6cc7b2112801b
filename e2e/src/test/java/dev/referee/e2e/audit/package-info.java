/// Running images on a real API server, and what is reported of them. Start reading at
/// [dev.referee.e2e.audit.AuditE2E].
@NullMarked
package dev.referee.e2e.audit;

import org.jspecify.annotations.NullMarked;
