/// The evidence graph: where referrers are looked for, opened and sorted into kinds. Start reading
/// at [dev.referee.verify.evidence.EvidenceReader].
@NullMarked
package dev.referee.verify.evidence;

import org.jspecify.annotations.NullMarked;
