package dev.referee.verify.signature;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// What a piece of evidence says it was signed with. It is a claim: a key signer's own key decides.
public sealed interface SigningMaterial {
  /// A key, possibly with a hint at which.
  record Key(String hint) implements SigningMaterial {
    private static final int SHA256_BYTES = 32;

    /// The key as people see it elsewhere, `sha256:91ab...`, where the hint is its hash.
    public Optional<String> label() {
      try {
        var hash = Base64.getDecoder().decode(hint);
        return hash.length == SHA256_BYTES
            ? Optional.of("sha256:" + HexFormat.of().formatHex(hash).substring(0, 12) + "...")
            : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  /// A certificate. A signer that is a key never accepts one: whoever signed, it was not that key's
  /// holder speaking as such.
  record Certificate() implements SigningMaterial {}
}
