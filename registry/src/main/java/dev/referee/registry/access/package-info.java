/// Who may do what with which repository: credentials become a caller, a caller has grants. Start
/// reading at [dev.referee.registry.access.Access].
@NullMarked
package dev.referee.registry.access;

import org.jspecify.annotations.NullMarked;
