/// Software bills of materials: which document is one, and what it says.
@NullMarked
package dev.referee.verify.sbom;

import org.jspecify.annotations.NullMarked;
