/// The engine: may this image run? Everything it knows it is given: bytes through an
/// [dev.referee.oci.ArtifactSource], policies as records, the time as a deadline. Start reading at
/// [dev.referee.verify.Engine].
@NullMarked
package dev.referee.verify;

import org.jspecify.annotations.NullMarked;
