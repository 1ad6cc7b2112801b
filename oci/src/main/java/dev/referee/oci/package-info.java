/// The OCI content model (digests, references, descriptors, manifests) and the ports through which
/// everything else reads and writes artifacts. Start reading at [dev.referee.oci.ArtifactSource].
@NullMarked
package dev.referee.oci;

import org.jspecify.annotations.NullMarked;
