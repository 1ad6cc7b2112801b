/// The admission server: what the API server asks, which images that is about, and the answer in
/// time. Start reading at [dev.referee.webhook.AdmissionJudge].
@NullMarked
package dev.referee.webhook;

import org.jspecify.annotations.NullMarked;
