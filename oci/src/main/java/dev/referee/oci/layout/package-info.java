/// OCI image layouts on disk (OCI image-spec v1.1, image-layout.md), read and written.
@NullMarked
package dev.referee.oci.layout;

import org.jspecify.annotations.NullMarked;
