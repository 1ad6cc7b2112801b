package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// One trust policy of the Notary Project, as notation reads it and as a signer of ours says it.
///
/// @param stores the trust store for each kind: `ca`, `signingAuthority`, `tsa`
/// @param identity the one trusted identity
/// @param level how much is enforced
/// @param override what is done otherwise, a map in JSON
/// @param timestamp when a timestamp has to prove the time
record NotationPolicy(
    Map<String, String> stores, String identity, String level, String override, String timestamp) {
  NotationPolicy {
    stores = Map.copyOf(stores);
    requireNonNull(identity, "identity is null");
    requireNonNull(level, "level is null");
    requireNonNull(override, "override is null");
    requireNonNull(timestamp, "timestamp is null");
  }

  /// With one trust store for authorities.
  NotationPolicy(String store, String identity, String level, String override) {
    this(Map.of("ca", store), identity, level, override, "always");
  }

  /// Everything is enforced.
  static NotationPolicy strict(String store, String identity) {
    return new NotationPolicy(store, identity, "strict", "{}");
  }

  /// The same, by a trust store for signing authorities alone.
  static NotationPolicy ofSigningAuthority(String store, String identity) {
    return new NotationPolicy(
        Map.of("signingAuthority", store), identity, "strict", "{}", "always");
  }

  NotationPolicy level(String other) {
    return new NotationPolicy(stores, identity, other, override, timestamp);
  }

  /// With a trust store of another kind beside.
  NotationPolicy and(String kind, String store) {
    var more = new TreeMap<>(stores);
    more.put(kind, store);
    return new NotationPolicy(more, identity, level, override, timestamp);
  }

  NotationPolicy timestamp(String other) {
    return new NotationPolicy(stores, identity, level, override, other);
  }

  /// The document that notation reads.
  String document() {
    return """
    {
      "version": "1.0",
      "trustPolicies": [
        {
          "name": "images",
          "registryScopes": ["*"],
          "signatureVerification": {"level": "%s", "override": %s, "verifyTimestamp": "%s"},
          "trustStores": [%s],
          "trustedIdentities": ["%s"]
        }
      ]
    }
    """
        .formatted(
            level,
            override,
            timestamp,
            stores.entrySet().stream()
                .map(store -> "\"%s:%s\"".formatted(store.getKey(), store.getValue()))
                .collect(Collectors.joining(", ")),
            identity);
  }

  /// The spec of a signer, in YAML's flow style.
  ///
  /// @param certificates what is in a trust store, `KIND:NAME`, in PEM
  String spec(UnaryOperator<String> certificates) {
    return """
    {notation: {trustStores: {%s}, trustedIdentities: ["%s"], level: %s, override: %s, \
    verifyTimestamp: %s}}\
    """
        .formatted(
            stores.entrySet().stream()
                .map(
                    store ->
                        "%s: {inline: %s}"
                            .formatted(
                                store.getKey(),
                                TrustDocuments.quoted(
                                    certificates.apply(store.getKey() + ":" + store.getValue()))))
                .collect(Collectors.joining(", ")),
            identity,
            level,
            override,
            timestamp);
  }
}
