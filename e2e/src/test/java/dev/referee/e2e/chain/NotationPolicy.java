package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;

/// One trust policy of the Notary Project, as notation reads it and as a signer of ours says it.
///
/// @param store the name of the trust store for authorities
/// @param identity the one trusted identity
/// @param level how much is enforced
/// @param override what is done otherwise, a map in JSON
record NotationPolicy(String store, String identity, String level, String override) {
  NotationPolicy {
    requireNonNull(store, "store is null");
    requireNonNull(identity, "identity is null");
    requireNonNull(level, "level is null");
    requireNonNull(override, "override is null");
  }

  /// Everything is enforced.
  static NotationPolicy strict(String store, String identity) {
    return new NotationPolicy(store, identity, "strict", "{}");
  }

  NotationPolicy level(String other) {
    return new NotationPolicy(store, identity, other, override);
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
          "signatureVerification": {"level": "%s", "override": %s},
          "trustStores": ["ca:%s"],
          "trustedIdentities": ["%s"]
        }
      ]
    }
    """
        .formatted(level, override, store, identity);
  }

  /// The spec of a signer, in YAML's flow style.
  ///
  /// @param certificates what is in the trust store, in PEM
  String spec(String certificates) {
    return """
    {notation: {trustStores: {ca: {inline: %s}}, trustedIdentities: ["%s"], level: %s, override: %s}}\
    """
        .formatted(TrustDocuments.quoted(certificates), identity, level, override);
  }
}
