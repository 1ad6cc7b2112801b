package dev.referee.api.v1alpha1;

import static dev.referee.api.v1alpha1.ResourceReason.INVALID_VALUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What no registry can be: said with the field, before anything is made of it.
class OciRegistryReaderTest {
  record Refused(String spec, String message) {}

  static Refused[] refused() {
    return new Refused[] {
      new Refused("replicas: 2", "storage"),
      new Refused("storage: {}", "exactly one"),
      new Refused(
          "storage: {s3: {bucket: images}}, retention: {grace: 9m59s}",
          "grace is not within 10m and 8760h"),
      new Refused(
          "storage: {s3: {bucket: images}}, retention: {every: 30s}",
          "every is not within 1m and 168h"),
      new Refused("storage: {s3: {bucket: images}}, overlays: [{}]", "prefix"),
      new Refused("storage: {s3: {bucket: images}}, mirrors: [{prefix: hub}]", "upstream"),
      new Refused("storage: {s3: {bucket: images}}, mirrors: [{upstream: docker.io}]", "prefix"),
      new Refused(
          "storage: {s3: {bucket: images}}, mirrors: [{prefix: hub, upstream:"
              + " 'https://docker.io'}]",
          "upstream is not a registry"),
      new Refused(
          "storage: {s3: {bucket: images}}, mirrors: [{prefix: a, upstream: r, plainHTTP: true,"
              + " caBundle: pem}]",
          "caBundle"),
      new Refused(
          "storage: {s3: {bucket: images}}, mirrors: [{prefix: a, upstream: r, plainHTTP: true,"
              + " credentialsRef: {name: s}}]",
          "credentials are not sent"),
      new Refused(
          "storage: {s3: {bucket: images}}, mirrors: [{prefix: a, upstream: r, refresh:"
              + " 721h}]",
          "refresh is not within 1s and 720h"),
      new Refused(
          "storage: {s3: {bucket: images}}, mirrors: [{prefix: a, upstream: r, maxBlobBytes:"
              + " 0}]",
          "maxBlobBytes"),
      new Refused(
          "storage: {s3: {bucket: images}}, overlays: [{prefix: a}], mirrors: [{prefix: a,"
              + " upstream: r}]",
          "name the prefix a twice"),
      new Refused(
          "storage: {s3: {bucket: images}}, mirrors: [{prefix: a, upstream: 'r.test:65536'}]",
          "upstream is not a registry"),
      new Refused(
          "storage: {s3: {bucket: images}}, mirrors: [{prefix: a, upstream: '[:::::]:5000'}]",
          "upstream is not a registry"),
      new Refused(
          "storage: {s3: {bucket: images}}, mirrors: [{prefix: a, upstream: 'a..b'}]",
          "upstream is not a registry"),
      new Refused(
          "storage: {s3: {bucket: images}}, events: {sink: 'sink.test'}",
          "sink is not an http or https URL"),
      new Refused(
          "storage: {s3: {bucket: images}}, events: {sink: 'ftp://sink.test'}",
          "sink is not an http or https URL"),
      new Refused(
          "storage: {s3: {bucket: images}}, events: {sink: 'https://user:pw@sink.test'}",
          "sink is not an http or https URL"),
      new Refused(
          "storage: {s3: {bucket: images}}, events: {sink: 'https://sink.test/#a'}",
          "sink is not an http or https URL"),
      new Refused(
          "storage: {s3: {bucket: images}}, events: {sink: 'https:///x'}",
          "sink is not an http or https URL"),
      new Refused(
          "storage: {s3: {bucket: images}}, events: {sink: 'https://sink.test:65536/'}",
          "sink is not an http or https URL"),
      new Refused(
          "storage: {s3: {bucket: images}}, events: {sink: 'https://sink.test:0/'}",
          "sink is not an http or https URL"),
      new Refused(
          "storage: {s3: {bucket: images}}, events: {sink: 'https://sink test/'}",
          "sink is not an http or https URL"),
      new Refused("storage: {s3: {bucket: images}}, events: {}", "sink is missing"),
      new Refused(
          "storage: {s3: {bucket: images}}, events: {sink: 'http://sink.test', caBundle: " + "pem}",
          "no use for caBundle"),
      new Refused(
          "storage: {s3: {bucket: images}}, events: {sink: 'http://sink.test', tokenRef: "
              + "{name: s}}",
          "a token is not sent"),
      new Refused("storage: {s3: {bucket: images}}, tls: {clients: {}}", "caBundle is missing"),
      new Refused(
          "storage: {s3: {bucket: images}}, access: {certificates: [{dns: ci.test, "
              + "repositories: ['**']}]}",
          "access.certificates needs tls.clients"),
      new Refused(
          "storage: {s3: {bucket: images}}, tls: {clients: {caBundle: pem}}, access: "
              + "{certificates: [{repositories: ['**']}]}",
          "none of uri, dns, email and commonName"),
      new Refused(
          "storage: {s3: {bucket: images}}, tls: {clients: {caBundle: pem}}, access: "
              + "{certificates: [{dns: ci.test}]}",
          "repositories is empty"),
      new Refused(
          "storage: {s3: {bucket: images}}, tls: {clients: {caBundle: pem}}, access: "
              + "{certificates: [{dns: '', repositories: ['**']}]}",
          "is empty"),
      new Refused(
          "storage: {s3: {bucket: images}}, tls: {clients: {caBundle: pem}}, access: "
              + "{certificates: [{dns: ci.test, repositories: ['**'], actions: []}]}",
          "actions is empty"),
      new Refused("replicas: 2, storage: {persistentVolume: {size: 1Gi}}", "storage.s3"),
    };
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesAndNamesTheField(Refused refused) {
    var yaml =
        """
        apiVersion: referee.dev/v1alpha1
        kind: OciRegistry
        metadata: {name: n, namespace: n}
        spec: {%s}
        """
            .formatted(refused.spec());
    assertThatThrownBy(() -> ResourceReader.read(Yaml.parse(yaml)))
        .isInstanceOfSatisfying(
            InvalidResourceException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(INVALID_VALUE);
              assertThat(e).hasMessageContaining(refused.message());
            });
  }
}
