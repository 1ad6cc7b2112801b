/// Tests of what is installed: manifests, chart, dashboards.
@NullMarked
package dev.referee.deploy;

import org.jspecify.annotations.NullMarked;
