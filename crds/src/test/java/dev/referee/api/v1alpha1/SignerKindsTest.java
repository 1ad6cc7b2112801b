package dev.referee.api.v1alpha1;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every kind of signer and of trust root is read, and whatever could mean "anybody" is refused.
class SignerKindsTest {
  private static final String TIME = "2026-01-02T03:04:05Z";

  @Test
  void readsAKeylessSigner() throws InvalidResourceException {
    var spec =
        signer(
            """
            {keyless: {trustRoot: public, identities: [
              {issuer: "https://i", subjectRegExp: "https://s/.*", sourceRepository: "https://r", runnerEnvironment: github-hosted}]},
             validFrom: "2026-01-02T03:04:05Z"}
            """);

    var keyless = requireNonNull(spec.keyless());
    assertThat(keyless.trustRoot()).isEqualTo("public");
    assertThat(keyless.identities()).hasSize(1);
    assertThat(keyless.identities().getFirst().literals())
        .isEqualTo(
            Map.of(
                "issuer", "https://i",
                "sourceRepository", "https://r",
                "runnerEnvironment", "github-hosted"));
    assertThat(keyless.identities().getFirst().patterns())
        .isEqualTo(Map.of("subject", "https://s/.*"));
    assertThat(spec.validFrom()).isEqualTo(Instant.parse(TIME));
    assertThat(spec.validUntil()).isNull();
  }

  @Test
  void readsASignerOfOnesOwnAuthority() throws InvalidResourceException {
    var spec =
        signer(
            """
            {x509: {certificates: {authorities: {inline: pem}, timestampAuthorities: {configMapKeyRef: {name: tsa, key: pem}}},
             identities: [{distinguishedName: "CN=alice"}, {subject: alice@example.com}]}}
            """);

    var x509 = requireNonNull(spec.x509());
    assertThat(x509.identities().getFirst().literals())
        .isEqualTo(Map.of("distinguishedName", "CN=alice"));
    assertThat(x509.identities().getLast().literals())
        .isEqualTo(Map.of("subject", "alice@example.com"));
    assertThat(x509.certificates())
        .isEqualTo(
            new CertificatesSpec(
                ValueSpec.of("pem"), new ValueSpec(null, null, new KeyReference("tsa", "pem"))));
  }

  @Test
  void aGroupWithoutThresholdMeansAll() throws InvalidResourceException {
    assertThat(signer("{group: {signers: [a, b, c]}}").group())
        .isEqualTo(new GroupSpec(List.of("a", "b", "c"), 3));
    assertThat(signer("{group: {signers: [a, b, c], threshold: 2}}").group())
        .isEqualTo(new GroupSpec(List.of("a", "b", "c"), 2));
  }

  @Test
  void aTrustRootAsksForWhatThePublicInstanceProvesUnlessItSaysOtherwise()
      throws InvalidResourceException {
    assertThat(trustRoot("{sigstore: {trustedRoot: {inline: \"{}\"}}}").sigstore())
        .isEqualTo(new SigstoreTrustSpec(ValueSpec.of("{}"), new ProofSpec(1, 1, 0)));
    assertThat(
            trustRoot(
                    "{sigstore: {trustedRoot: {inline: \"{}\"}, prove: {transparencyLog: 0,"
                        + " signedCertificateTimestamps: 0, timestamps: 1}}}")
                .sigstore())
        .isEqualTo(new SigstoreTrustSpec(ValueSpec.of("{}"), new ProofSpec(0, 0, 1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                                                | exactly one of key
          {key: {publicKey: p}, group: {signers: [a]}}                                      | exactly one of key
          {notation: {}}                                                                    | trustStores is missing
          {notation: {trustStores: {}, trustedIdentities: ["*"]}}                           | neither ca nor signingAuthority
          {notation: {trustStores: {tsa: {inline: p}}, trustedIdentities: ["*"]}}           | neither ca nor signingAuthority
          {notation: {trustStores: {ca: {inline: p}}}}                                      | trustedIdentities is empty
          {notation: {trustStores: {ca: {inline: p}}, trustedIdentities: ["*"], override: {expiry: skip}}} | only revocation can be skipped
          {notation: {trustStores: {ca: {inline: p}}, trustedIdentities: ["*"]}, key: {publicKey: p}} | exactly one of
          {keyless: {identities: [{issuer: i, subject: s}]}}                                | trustRoot is missing
          {keyless: {trustRoot: r}}                                                         | identities is empty
          {keyless: {trustRoot: r, identities: []}}                                         | identities is empty
          {keyless: {trustRoot: r, identities: [{subject: s}]}}                             | needs issuer
          {keyless: {trustRoot: r, identities: [{issuer: i}]}}                              | needs subject
          {keyless: {trustRoot: r, identities: [{}]}}                                       | needs issuer
          {keyless: {trustRoot: r, identities: [{issuer: i, subject: ""}]}}                 | is empty
          {keyless: {trustRoot: r, identities: [{issuer: i, subjectRegExp: "("}]}}          | no regular expression
          {keyless: {trustRoot: r, identities: [{issuer: i, subject: s, sourceRepo: x}]}}   | sourceRepo is not a known field
          {keyless: {trustRoot: r, identities: [{issuer: i, subject: s}, {issuer: i, subject: s}]}} | twice
          {x509: {identities: [{subject: s}]}}                                              | exactly one of trustRoot or certificates
          {x509: {trustRoot: r, certificates: {authorities: {inline: p}}, identities: [{subject: s}]}} | exactly one of trustRoot or certificates
          {x509: {trustRoot: r, identities: []}}                                            | identities is empty
          {x509: {trustRoot: r, identities: [{}]}}                                          | needs a subject
          {x509: {trustRoot: r, identities: [{subject: ""}]}}                               | is empty
          {x509: {trustRoot: r, identities: [{distinguishedNameRegExp: "["}]}}              | no regular expression
          {x509: {certificates: {}, identities: [{subject: s}]}}                            | authorities is missing
          {x509: {certificates: {authorities: {}}, identities: [{subject: s}]}}             | exactly one of inline
          {x509: {certificates: {authorities: {inline: ""}}, identities: [{subject: s}]}}   | inline is empty
          {group: {}}                                                                       | signers is empty
          {group: {signers: [a, a]}}                                                        | twice
          {group: {signers: [a], threshold: 0}}                                             | threshold 0
          {group: {signers: [a], threshold: 2}}                                             | threshold 2
          {group: {signers: [a]}, validFrom: "2026-01-02T03:04:05Z", validUntil: "2026-01-02T03:04:05Z"} | is not before
          {key: {publicKey: p, validFrom: "2026-01-02T03:04:05Z", validUntil: "2025-01-02T03:04:05Z"}}   | is not before
          {key: {publicKey: p, trustRoot: ""}}                                              | trustRoot is missing
          """)
  void refusesASignerThatCouldMeanAnybody(String spec, String message) {
    assertThatThrownBy(() -> signer(spec))
        .isInstanceOf(InvalidResourceException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                                           | exactly one of sigstore
          {sigstore: {trustedRoot: {inline: x}}, certificates: {authorities: {inline: p}}} | exactly one of sigstore
          {sigstore: {}}                                                               | trustedRoot is missing
          {sigstore: {trustedRoot: {inline: x, secretKeyRef: {name: n, key: k}}}}      | exactly one of inline
          {sigstore: {trustedRoot: {inline: x}, prove: {transparencyLog: -1}}}         | transparencyLog -1
          {sigstore: {trustedRoot: {inline: x}, prove: {timestamps: 9}}}               | timestamps 9
          {sigstore: {trustedRoot: {inline: x}, prove: {tlog: 1}}}                     | tlog is not a known field
          """)
  void refusesATrustRootThatMakesNoSense(String spec, String message) {
    assertThatThrownBy(() -> trustRoot(spec))
        .isInstanceOf(InvalidResourceException.class)
        .hasMessageContaining(message);
  }

  private static SignerSpec signer(String spec) throws InvalidResourceException {
    return ((Resource.Signer) read("ClusterSigner", spec)).spec();
  }

  private static TrustRootSpec trustRoot(String spec) throws InvalidResourceException {
    return ((Resource.TrustRoot) read("ClusterTrustRoot", spec)).spec();
  }

  private static Resource read(String kind, String spec) throws InvalidResourceException {
    var object = (ObjectNode) Yaml.parse("{apiVersion: referee.dev/v1alpha1, metadata: {name: n}}");
    object.put("kind", kind).set("spec", Yaml.parse(spec));
    return ResourceReader.read(object);
  }
}
