/// What the tests of every module build their world from, and the demo too: keys that sign as
/// cosign does, artifacts as oras attaches them, and a repository in memory that can fail on
/// purpose. Start reading at [dev.referee.testing.CosignSigner].
@NullMarked
package dev.referee.testing;

import org.jspecify.annotations.NullMarked;
