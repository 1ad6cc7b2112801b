package dev.referee.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A file that no API server has seen means what the same file means after one filled in its
/// defaults.
class DefaultsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ClusterReferrerPolicy  | {require: [{name: a, sbom: {}}, {name: b, signature: {by: [x]}}]}
          ReferrerPolicy         | {match: {}, require: [{name: a, deny: {message: never}}]}
          ClusterSigner          | {key: {publicKey: pem}}
          ClusterSigner          | {keyless: {trustRoot: public, identities: [{issuer: i, subject: s}]}, validUntil: "2030-01-01T00:00:00Z"}
          ClusterSigner          | {x509: {certificates: {authorities: {inline: pem}}, identities: [{subject: s}]}}
          Signer                 | {group: {signers: [a, b]}}
          ClusterTrustRoot       | {sigstore: {trustedRoot: {configMapKeyRef: {name: r, key: k}}, prove: {timestamps: 1}}}
          ClusterTrustRoot       | {certificates: {authorities: {inline: pem}, timestampAuthorities: {inline: pem}}}
          Signer                 | {key: {secretKeyRef: {name: s, key: cosign.pub}}}
          ClusterPolicyException | {policies: [p], requirements: [r], images: ["**"], namespaces: [n], reason: r, approvedBy: a, expiresAt: "2026-12-31T00:00:00Z"}
          ClusterRegistryConfig  | {host: r.example.com, mirrors: [{host: m.example.com}], rateLimit: {requestsPerSecond: 5}}
          RefereeConfiguration   | {}
          RefereeConfiguration   | {audit: {}}
          OciRegistry            | {storage: {persistentVolume: {size: 1Gi}}}
          OciRegistry            | {storage: {persistentVolume: {size: 1Gi}}, retention: {}, overlays: [{prefix: evidence}]}
          OciRegistry            | {storage: {s3: {bucket: images}}, mirrors: [{prefix: hub, upstream: docker.io}]}
          OciRegistry            | {storage: {s3: {bucket: images}}, access: {serviceAccounts: [{name: ci, repositories: ["**"]}]}}
          OciRegistry            | {storage: {s3: {bucket: images}}, access: {certificates: [{dns: ci.example.com, repositories: ["**"]}]}, tls: {clients: {caBundle: pem}}}
          OciRegistry            | {storage: {s3: {bucket: images}}, access: {anonymousRead: true, tokens: {}}}
          OciRegistry            | {storage: {s3: {bucket: images}}, events: {sink: "https://sink.example.com"}}
          OciRegistry            | {storage: {s3: {bucket: images}}, accessLog: true}
          """)
  void meansTheSameWithAndWithoutAnApiServer(String kindName, String specYaml)
      throws InvalidResourceException {
    var kind = ResourceKind.of(kindName).orElseThrow();
    var schema = Yaml.manifest(kind).at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    var written = object(kind, Yaml.parse(specYaml));
    var defaulted = written.deepCopy();
    fillIn(schema, defaulted.path("spec"));

    assertThat(ResourceReader.read(defaulted)).isEqualTo(ResourceReader.read(written));
  }

  private static ObjectNode object(ResourceKind kind, JsonNode spec) {
    var object =
        (ObjectNode)
            Yaml.parse("{apiVersion: referee.dev/v1alpha1, metadata: {name: n, namespace: n}}");
    object.put("kind", kind.kind()).set("spec", spec);
    return object;
  }

  /// What an API server does with `default`.
  private static void fillIn(JsonNode schema, JsonNode value) {
    for (var property : schema.path("properties").properties()) {
      var child = property.getValue();
      if (value instanceof ObjectNode object) {
        if (!object.has(property.getKey()) && child.has("default")) {
          object.set(property.getKey(), child.path("default"));
        }
        fillIn(child, object.path(property.getKey()));
      }
    }
    if (schema.has("items")) {
      value.forEach(item -> fillIn(schema.path("items"), item));
    }
  }
}
