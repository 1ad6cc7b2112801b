/// What a verification costs, instead of whether it is right.
@NullMarked
package dev.referee.verify.benchmark;

import org.jspecify.annotations.NullMarked;
