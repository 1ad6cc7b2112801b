/// The HTTP server that every server of ours shares. Start reading at
/// [dev.referee.server.HttpService].
@NullMarked
package dev.referee.server;

import org.jspecify.annotations.NullMarked;
