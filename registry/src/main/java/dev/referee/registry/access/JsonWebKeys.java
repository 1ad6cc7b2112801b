package dev.referee.registry.access;

import static dev.referee.oci.ContentReason.FIELD_INVALID;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The public keys of an issuer of tokens by their ids (RFC 7517): RSA for RS256, P-256 for ES256.
/// Keys of other kinds and for other uses are left out.
final class JsonWebKeys {
  static final int MAX_BYTES = 1 << 20;

  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 8192;
  private static final int P256_BYTES = 32;

  /// A key with the one algorithm that it verifies.
  record Key(TokenAlgorithm algorithm, PublicKey key) {}

  private final Map<String, Key> keys;

  private JsonWebKeys(Map<String, Key> keys) {
    this.keys = Map.copyOf(keys);
  }

  Optional<Key> find(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  /// @throws MalformedContentException for what is not a set of keys, or has no usable one
  static JsonWebKeys parse(byte[] content) {
    var keys = new HashMap<String, Key>();
    for (var fields : StrictJson.readObject(content, MAX_BYTES).objects("keys")) {
      var id = fields.optionalText("kid");
      var use = fields.optionalText("use");
      if (id == null || (use != null && !use.equals("sig"))) {
        continue;
      }
      var key = key(fields);
      if (key != null && keys.put(id, key) != null) {
        throw new MalformedContentException(FIELD_INVALID, "two keys have the same kid");
      }
    }
    if (keys.isEmpty()) {
      throw new MalformedContentException(
          FIELD_INVALID, "there is no RSA or P-256 key with a kid for signatures");
    }
    return new JsonWebKeys(keys);
  }

  private static @Nullable Key key(JsonFields fields) {
    var algorithm =
        switch (fields.text("kty")) {
          case "RSA" -> TokenAlgorithm.RS256;
          case "EC" -> "P-256".equals(fields.optionalText("crv")) ? TokenAlgorithm.ES256 : null;
          default -> null;
        };
    var named = fields.optionalText("alg");
    if (algorithm == null || (named != null && !named.equals(algorithm.name()))) {
      return null;
    }
    try {
      return new Key(algorithm, algorithm == TokenAlgorithm.RS256 ? rsa(fields) : p256(fields));
    } catch (GeneralSecurityException e) {
      throw new MalformedContentException(FIELD_INVALID, "a key cannot be used: " + e.getMessage());
    }
  }

  private static PublicKey rsa(JsonFields fields) throws GeneralSecurityException {
    var spec = new RSAPublicKeySpec(number(fields, "n"), number(fields, "e"));
    var key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
    int bits = key.getModulus().bitLength();
    if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
      throw new MalformedContentException(FIELD_INVALID, "an RSA key has %d bits".formatted(bits));
    }
    return key;
  }

  private static PublicKey p256(JsonFields fields) throws GeneralSecurityException {
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    var curve = parameters.getParameterSpec(ECParameterSpec.class);
    var point = new ECPoint(coordinate(fields, "x"), coordinate(fields, "y"));
    return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve));
  }

  private static BigInteger coordinate(JsonFields fields, String name) {
    var bytes = bytes(fields, name);
    if (bytes.length != P256_BYTES) {
      throw new MalformedContentException(FIELD_INVALID, name + " of a P-256 key has no 32 bytes");
    }
    return new BigInteger(1, bytes);
  }

  private static BigInteger number(JsonFields fields, String name) {
    return new BigInteger(1, bytes(fields, name));
  }

  private static byte[] bytes(JsonFields fields, String name) {
    try {
      return Base64.getUrlDecoder().decode(fields.text(name));
    } catch (IllegalArgumentException e) {
      throw new MalformedContentException(FIELD_INVALID, name + " of a key is not base64url");
    }
  }
}
