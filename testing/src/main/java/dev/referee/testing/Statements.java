package dev.referee.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.Digest;

/// Makes in-toto statements (in-toto/attestation, spec/v1/statement.md).
public final class Statements {
  public static final String V1 = "https://in-toto.io/Statement/v1";
  public static final String V01 = "https://in-toto.io/Statement/v0.1";
  public static final String COSIGN_SIGN = "https://sigstore.dev/cosign/sign/v1";
  public static final String SPDX = "https://spdx.dev/Document";
  public static final String CYCLONEDX = "https://cyclonedx.org/bom";

  private Statements() {}

  /// What `cosign sign` states about an image.
  public static ObjectNode signature(Digest subject) {
    return of(V1, COSIGN_SIGN, Json.object(), subject);
  }

  /// What `cosign attest` states about an image.
  public static ObjectNode attestation(String predicateType, byte[] predicate, Digest subject) {
    return of(V01, predicateType, Json.parse(predicate), subject);
  }

  public static ObjectNode of(
      String type, String predicateType, JsonNode predicate, Digest... subjects) {
    var statement = Json.object();
    statement.put("_type", type);
    var array = statement.putArray("subject");
    for (var subject : subjects) {
      array.addObject().putObject("digest").put(subject.algorithm().prefix(), subject.hex());
    }
    statement.put("predicateType", predicateType);
    statement.set("predicate", predicate);
    return statement;
  }

  public static byte[] bytes(ObjectNode statement) {
    return Json.bytes(statement);
  }
}
