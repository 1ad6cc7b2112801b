/// Sigstore: bundles, and what it takes for one to prove who signed what, and when. Start reading
/// at [dev.referee.verify.sigstore.BundleVerifier].
@NullMarked
package dev.referee.verify.sigstore;

import org.jspecify.annotations.NullMarked;
