/// What runs, and whether it may: an inventory of running images, verified again on a schedule and
/// whenever what they are judged by changes, and one report for each workload. Start reading at
/// [dev.referee.operator.audit.Audit], then [dev.referee.operator.audit.AuditRounds].
///
/// Whatever does not speak to an API server is a record or takes its clock as a parameter.
@NullMarked
package dev.referee.operator.audit;

import org.jspecify.annotations.NullMarked;
