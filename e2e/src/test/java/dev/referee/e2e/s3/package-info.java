/// The registry over a real S3 service.
@NullMarked
package dev.referee.e2e.s3;

import org.jspecify.annotations.NullMarked;
