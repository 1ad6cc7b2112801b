package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.operator.registry.model.TokenIssuer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/// Asks the API server who issues the tokens of service accounts. Every service account may ask,
/// unless somebody took the right away.
final class TokenIssuers {
  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final String KEYS = "/openid/v1/jwks";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;

  TokenIssuers(KubernetesClient client) {
    this.client = requireNonNull(client, "client is null");
  }

  TokenIssuer find() throws UnsatisfiedException {
    try {
      var discovery = client.raw(DISCOVERY);
      var keys = client.raw(KEYS);
      var issuer = discovery == null ? "" : JSON.readTree(discovery).path("issuer").asText();
      if (issuer.isEmpty() || keys == null || !JSON.readTree(keys).path("keys").isArray()) {
        throw unknown("it answers without them");
      }
      return new TokenIssuer(issuer, keys);
    } catch (JsonProcessingException e) {
      throw unknown("its answer is no JSON");
    } catch (KubernetesClientException e) {
      if (e.getCode() == 0 || e.getCode() >= 500) {
        throw e;
      }
      throw unknown("it answers %d".formatted(e.getCode()));
    }
  }

  private static UnsatisfiedException unknown(String how) {
    return new UnsatisfiedException(
        RegistryReason.TOKEN_ISSUER_UNKNOWN,
        "the API server does not say at %s and %s who issues tokens: %s"
            .formatted(DISCOVERY, KEYS, how));
  }
}
