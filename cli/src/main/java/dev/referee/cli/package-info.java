/// The one executable. Each command is a class; start reading at [dev.referee.cli.Main].
@NullMarked
package dev.referee.cli;

import org.jspecify.annotations.NullMarked;
