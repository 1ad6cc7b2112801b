package dev.referee.operator.registry.pins;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// Tokens of the operator's own service account, each for one registry: what one registry is shown
/// is of no use at another, nor at the API server. Not safe for use by several threads.
public final class OwnTokens implements RegistryTokens {
  /// The least that API servers give is ten minutes.
  private static final Duration VALID_FOR = Duration.ofHours(1);

  /// Registries' clocks differ from ours.
  private static final Duration EARLY = Duration.ofMinutes(10);

  private record Held(String token, Instant until) {}

  private final KubernetesClient client;
  private final ServiceAccountName account;
  private final InstantSource clock;
  private final Map<String, Held> held = new HashMap<>();

  /// @param account the operator's own
  public OwnTokens(KubernetesClient client, ServiceAccountName account, InstantSource clock) {
    this.client = requireNonNull(client, "client is null");
    this.account = requireNonNull(account, "account is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public String token(String audience) {
    var now = clock.instant();
    held.values().removeIf(one -> !one.until().isAfter(now));
    return held.computeIfAbsent(audience, this::request).token();
  }

  private Held request(String audience) {
    var answer =
        client
            .serviceAccounts()
            .inNamespace(account.namespace())
            .withName(account.name())
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withAudiences(audience)
                    .withExpirationSeconds(VALID_FOR.toSeconds())
                    .endSpec()
                    .build());
    // The API server may have given it a shorter life than was asked for.
    var until = Instant.parse(answer.getStatus().getExpirationTimestamp()).minus(EARLY);
    return new Held(answer.getStatus().getToken(), until);
  }
}
