@NullMarked
package dev.referee.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
