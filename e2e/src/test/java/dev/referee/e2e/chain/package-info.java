/// The one path that everything else widens: objects made by real clients, judged by the real
/// webhook, at the request of a real API server. Start reading at [dev.referee.e2e.chain.ChainE2E].
@NullMarked
package dev.referee.e2e.chain;

import org.jspecify.annotations.NullMarked;
