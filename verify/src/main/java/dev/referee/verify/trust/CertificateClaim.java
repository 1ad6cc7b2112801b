package dev.referee.verify.trust;

import java.util.OptionalInt;

/// What a certificate says about its holder: mostly what those of Fulcio do (sigstore/fulcio,
/// docs/oid-info.md).
public enum CertificateClaim {
  /// Who they are: the subject alternative name.
  SUBJECT("subject", 0),
  /// Who says so: the OpenID issuer.
  ISSUER("issuer", 8),
  BUILD_SIGNER("buildSigner", 9),
  BUILD_SIGNER_DIGEST("buildSignerDigest", 10),
  RUNNER_ENVIRONMENT("runnerEnvironment", 11),
  SOURCE_REPOSITORY("sourceRepository", 12),
  SOURCE_DIGEST("sourceDigest", 13),
  SOURCE_REF("sourceRef", 14),
  SOURCE_REPOSITORY_ID("sourceRepositoryId", 15),
  SOURCE_OWNER("sourceOwner", 16),
  SOURCE_OWNER_ID("sourceOwnerId", 17),
  BUILD_CONFIG("buildConfig", 18),
  BUILD_CONFIG_DIGEST("buildConfigDigest", 19),
  BUILD_TRIGGER("buildTrigger", 20),
  RUN_INVOCATION("runInvocation", 21),
  VISIBILITY("visibility", 22),
  DEPLOYMENT_ENVIRONMENT("deploymentEnvironment", 23),
  TOKEN_SUBJECT("tokenSubject", 24),
  /// The subject as RFC 2253 writes it, of authorities of one's own; Fulcio's certificates have
  /// none.
  DISTINGUISHED_NAME("distinguishedName", 0);

  private final String field;
  private final int number;

  CertificateClaim(String field, int number) {
    this.field = field;
    this.number = number;
  }

  /// How policies spell it.
  public String field() {
    return field;
  }

  /// The last part of the extension's OID, below 1.3.6.1.4.1.57264.1; the names have none.
  public OptionalInt extension() {
    return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
  }
}
