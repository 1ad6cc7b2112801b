/// The API that users write: records that mirror the CRD manifests, and the strict reader that
/// turns objects into them. Start reading at [dev.referee.api.v1alpha1.ResourceReader].
@NullMarked
package dev.referee.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
