package dev.referee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.SourceException;
import dev.referee.oci.layout.OciLayoutWriter;
import dev.referee.testing.Artifacts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is wrong with a command line: one sentence that names it, exit code 2, no stack trace.
class MisuseTest {
  @TempDir private Path folder;

  private Path policy;

  @BeforeEach
  void writePolicy() throws IOException {
    policy =
        Files.writeString(
            folder.resolve("policy.yaml"),
            """
            apiVersion: referee.dev/v1alpha1
            kind: ClusterReferrerPolicy
            metadata: {name: p}
            spec:
              match: {images: ["**"]}
              require: [{name: sbom, sbom: {formats: [SPDX]}}]
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          verify                                      | IMAGE
          verify app:v1                               | --policy
          verify app:v1 --policy POLICY --frob        | --frob
          verify app:v1 --policy POLICY -o xml        | xml
          verify app:v1 --policy POLICY --timeout soon| soon
          verify app:v1 --policy FOLDER/absent.yaml   | absent.yaml
          verify app/UPPER:v1 --policy POLICY         | UPPER
          verify app@sha256:12 --policy POLICY        | sha256:12
          verify app:v1 --policy POLICY --as other/app| --as
          verify oci-layout:FOLDER/none --policy POLICY | none
          verify oci-layout:FOLDER/empty --policy POLICY | 0 images
          verify oci-layout:FOLDER/two --policy POLICY | 2 images
          verify oci-layout:FOLDER/two@sha256:12 --policy POLICY | sha256:12
          verify app:v1 --policy POLICY --registry-ca FOLDER/absent.pem | absent.pem
          tree                                        | IMAGE
          tree oci-layout:FOLDER/two:absent           | absent
          registry                                    | --root
          registry --root FOLDER/r --s3-bucket b      | --root
          registry --root FOLDER/r --sparse some      | some
          registry --root FOLDER/r --events-sink nowhere | http
          registry --root FOLDER/r --events-sink http://user:pw@h/ | credentials
          registry --root FOLDER/r --events-sink http://198.51.100.1/ --events-token-file POLICY | TLS
          registry --root FOLDER/r --events-token-file POLICY | --events-sink
          registry --root FOLDER/r --events-source https://r | --events-sink
          registry --root FOLDER/r --events-ca POLICY | --events-sink
          registry --root FOLDER/r --events-sink http://127.0.0.1/ --events-ca POLICY | TLS
          registry --root FOLDER/r --listen 127.0.0.1:0 --events-sink https://h/ --events-ca FOLDER/absent.pem | absent.pem is not there
          registry --root FOLDER/r --listen 127.0.0.1:0 --events-sink https://h/ --events-ca POLICY | policy.yaml
          registry --root FOLDER/r --collect maybe    | maybe
          registry --root FOLDER/r --collect on --collect-grace 1s | kept
          registry --s3-bucket UPPER                  | UPPER
          registry --s3-bucket abc --s3-endpoint ftp://h | ftp
          registry --s3-bucket abc --s3-prefix ../x   | ../x
          registry --root FOLDER/r --listen nonsense  | nonsense
          registry --root FOLDER/r --listen 127.0.0.1:0 --tls-cert FOLDER/x | --tls-key
          registry --root FOLDER/r --client-ca POLICY | --tls-cert
          registry --root FOLDER/r --client-certificates required | --client-ca
          registry --root FOLDER/r --client-certificates perhaps | perhaps
          registry --root FOLDER/r --client-ca POLICY --tls-cert FOLDER/x --tls-key FOLDER/y | --access
          registry --root FOLDER/r --listen 127.0.0.1:0 --access POLICY | policy.yaml
          registry --root FOLDER/r --listen 127.0.0.1:0 --access FOLDER/absent.json | absent.json
          registry --root FOLDER/r --listen 127.0.0.1:0 --htpasswd POLICY | line 1
          registry --root FOLDER/r --listen 127.0.0.1:0 --token-key POLICY | --access
          registry --root FOLDER/r --listen 127.0.0.1:0 --token-realm https://r/token | --token-key
          registry --root FOLDER/r --listen 127.0.0.1:0 --access FOLDER/x --token-key POLICY --token-realm ftp://r/token | ftp
          registry --root FOLDER/r --listen 127.0.0.1:0 --access FOLDER/x --token-key POLICY --token-realm https://me@r/token | me@r
          registry --root FOLDER/r --listen 127.0.0.1:0 --access FOLDER/x --token-key POLICY --token-realm https://r/t#f | #f
          registry --root FOLDER/r --listen 127.0.0.1:0 --access FOLDER/x --token-key POLICY --token-realm https://r/{ | {
          registry --root FOLDER/r --listen 127.0.0.1:0 --access FOLDER/x --token-key POLICY --token-realm /token | /token
          registry --root FOLDER/r --listen 127.0.0.1:0 --htpasswd FOLDER/empty/oci-layout --token-key POLICY | policy.yaml: line 1 is not base64
          registry --root FOLDER/r --listen 127.0.0.1:0 --lame-duck soon | soon
          registry --root POLICY --listen 127.0.0.1:0 | policy.yaml
          webhook --policies POLICY                   | --tls-cert
          webhook --policies POLICY --listen 127.0.0.1:0 --tls-cert FOLDER/x --tls-key FOLDER/y | FOLDER/x
          report -o xml                               | xml
          report --kubeconfig FOLDER/absent           | absent
          report --kubeconfig POLICY                  | policy.yaml
          frobnicate                                  | frobnicate
          """)
  void saysWhatIsWrongInOneSentence(String line, String named) throws SourceException {
    OciLayoutWriter.open(folder.resolve("empty"));
    var two = OciLayoutWriter.open(folder.resolve("two"));
    Artifacts.image(two, "one", "one");
    Artifacts.image(two, "two", "two");

    assertMisuse(CommandLineRun.of(filled(line).split(" +")), filled(named));
  }

  private String filled(String text) {
    return text.replace("POLICY", policy.toString()).replace("FOLDER", folder.toString());
  }

  /// A policy that cannot be what its author meant is an error, not a smaller policy.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind: [",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: x}",
        "a: &a [1]\nb: *a",
        "just a sentence"
      })
  void refusesFilesThatAreNoPolicies(String content) throws IOException {
    var file = Files.writeString(folder.resolve("broken.yaml"), content);

    assertMisuse(CommandLineRun.of("verify", "app:v1", "--policy", file.toString()), "broken.yaml");
  }

  @Test
  void readsOptionsFromTheEnvironment() {
    assertMisuse(
        CommandLineRun.with(
            Map.of("REFEREE_POLICY", policy.toString(), "REFEREE_TIMEOUT", "soon"),
            "verify",
            "app:v1"),
        "soon");
  }

  /// Nobody listens there: undecided, which is not the same as denied.
  @Test
  void anUnreachableRegistryIsUndecided() throws IOException {
    int port;
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }

    var run =
        CommandLineRun.of(
            "verify", "127.0.0.1:%d/app:v1".formatted(port), "--policy", policy.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).contains("UNREACHABLE").contains("verdict: undecided, which denies");
    assertThat(run.err()).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "demo",
        "verify",
        "tree",
        "registry",
        "registry hosts",
        "webhook",
        "operator",
        "report"
      })
  void helpIsEverywhere(String command) {
    var run = CommandLineRun.of((command + " --help").strip().split(" "));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: referee").contains("--help");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void withoutACommandItShowsTheCommands() {
    var run = CommandLineRun.of();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).contains("demo", "verify", "tree", "registry", "webhook", "report");
  }

  private static void assertMisuse(CommandLineRun run, String named) {
    assertThat(run.err()).startsWith("referee: ").contains(named).doesNotContain("\tat ", "bug");
    assertThat(List.of(run.err().split("\n"))).as(run.err()).hasSize(1);
    assertThat(run.exitCode()).isEqualTo(2);
  }
}
