package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Consumer;

/// Issues tokens as Kubernetes does, and others.
public final class TestIssuer {
  public static final String NAME = "https://kubernetes.default.svc.cluster.local";
  public static final String AUDIENCE = "registry.shop.svc";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String keyId;
  private final String algorithm;
  private final KeyPair keys;

  private TestIssuer(String keyId, String algorithm, KeyPair keys) {
    this.keyId = keyId;
    this.algorithm = algorithm;
    this.keys = keys;
  }

  public static TestIssuer rs256(String keyId) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return new TestIssuer(keyId, "RS256", generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has RSA", e);
    }
  }

  public static TestIssuer es256(String keyId) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new TestIssuer(keyId, "ES256", generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has P-256", e);
    }
  }

  KeyPair keys() {
    return keys;
  }

  /// The issuer's keys as they are published.
  public static byte[] jwks(TestIssuer... issuers) {
    var set = JSON.createObjectNode();
    var array = set.putArray("keys");
    for (var issuer : issuers) {
      issuer.writeKey(array.addObject());
    }
    return set.toString().getBytes(UTF_8);
  }

  private void writeKey(ObjectNode node) {
    node.put("kid", keyId).put("use", "sig").put("alg", algorithm);
    switch (keys.getPublic()) {
      case RSAPublicKey rsa ->
          node.put("kty", "RSA")
              .put("n", base64(unsigned(rsa.getModulus())))
              .put("e", base64(unsigned(rsa.getPublicExponent())));
      case ECPublicKey ec ->
          node.put("kty", "EC")
              .put("crv", "P-256")
              .put("x", base64(coordinate(ec.getW().getAffineX())))
              .put("y", base64(coordinate(ec.getW().getAffineY())));
      default -> throw new IllegalStateException();
    }
  }

  /// The claims of a token that is fine for an hour.
  public static ObjectNode claims(String namespace, String name, Instant now) {
    var claims = JSON.createObjectNode();
    claims.putArray("aud").add(AUDIENCE);
    claims
        .put("iss", NAME)
        .put("iat", now.getEpochSecond())
        .put("nbf", now.getEpochSecond())
        .put("exp", now.getEpochSecond() + 3600)
        .put("sub", "system:serviceaccount:%s:%s".formatted(namespace, name));
    var kubernetes = claims.putObject("kubernetes.io").put("namespace", namespace);
    kubernetes.putObject("serviceaccount").put("name", name).put("uid", "a-b-c");
    return claims;
  }

  /// A token that is fine.
  public String token(String namespace, String name, Instant now) throws GeneralSecurityException {
    return sign(header(), claims(namespace, name, now).toString());
  }

  /// A token whose claims were changed before they were signed.
  String token(Instant now, Consumer<ObjectNode> change) throws GeneralSecurityException {
    var claims = claims("shop", "builder", now);
    change.accept(claims);
    return sign(header(), claims.toString());
  }

  /// A token with these claims.
  public String token(String claims) throws GeneralSecurityException {
    return sign(header(), claims);
  }

  ObjectNode header() {
    return JSON.createObjectNode().put("alg", algorithm).put("kid", keyId);
  }

  String sign(ObjectNode header, String claims) throws GeneralSecurityException {
    var signed = unsigned(header, claims);
    var signer =
        Signature.getInstance(
            algorithm.equals("RS256") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
    signer.initSign(keys.getPrivate());
    signer.update(signed.getBytes(UTF_8));
    return signed + "." + base64(signer.sign());
  }

  static String unsigned(ObjectNode header, String claims) {
    return base64(header.toString().getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
  }

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] unsigned(BigInteger number) {
    var bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  private static byte[] coordinate(BigInteger number) {
    var bytes = unsigned(number);
    var padded = new byte[32];
    System.arraycopy(bytes, 0, padded, 32 - bytes.length, bytes.length);
    return padded;
  }
}
