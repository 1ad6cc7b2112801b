package dev.referee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.testing.tls.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `referee registry hosts` writes. What it looks up in a cluster is tried in one.
class RegistryHostsCommandTest {
  @TempDir private Path folder;

  @Test
  void printsHowARegistryIsReached() {
    var run =
        CommandLineRun.of(
            "registry",
            "hosts",
            "images.shop.svc.cluster.local:5000",
            "--at",
            "http://10.0.0.7:30500/");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            # How containerd reaches images.shop.svc.cluster.local:5000: this file is
            # /etc/containerd/certs.d/images.shop.svc.cluster.local:5000/hosts.toml
            server = "http://10.0.0.7:30500"

            [host."http://10.0.0.7:30500"]
              capabilities = ["pull", "resolve"]
            """);
  }

  @Test
  void writesTheFilesWhereTheyBelong() throws IOException {
    var pem = CertificateAuthority.create("CN=registry").certificatePem();
    var authority = Files.writeString(folder.resolve("authority.pem"), pem);

    var run =
        CommandLineRun.of(
            "registry",
            "hosts",
            "images.test:5000",
            "--at",
            "https://[::1]:30500",
            "--ca",
            authority.toString(),
            "--write",
            folder.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines())
        .containsExactly(
            folder.resolve("images.test:5000/ca.crt").toString(),
            folder.resolve("images.test:5000/hosts.toml").toString());
    assertThat(folder.resolve("images.test:5000/ca.crt")).hasContent(pem);
    assertThat(Files.readString(folder.resolve("images.test:5000/hosts.toml")))
        .contains(
            "server = \"https://[::1]:30500\"\nca = \"ca.crt\"\n",
            "\n[host.\"https://[::1]:30500\"]\n",
            "\n  ca = \"ca.crt\"\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          registry hosts                                         | REGISTRY
          registry hosts images.test:5000                        | --at
          registry hosts images.test:5000 --at nonsense          | nonsense
          registry hosts images.test:5000 --at ftp://x           | ftp://x
          registry hosts images.test:5000 --at https://x/y       | https://x/y
          registry hosts images.test:5000 --at https://u@x       | https://u@x
          registry hosts images.test:5000 --at https://x"        | https://x"
          registry hosts images_test --at https://x              | images_test
          registry hosts UPPER/x                                 | UPPER/x
          registry hosts x:1 --at https://x --ca FOLDER/absent   | absent
          registry hosts x:1 --at https://x --ca FOLDER/bad.pem  | bad.pem
          registry hosts shop/images                             | shop/images
          """)
  void saysWhatIsWrongInOneSentence(String line, String named) throws IOException {
    Files.writeString(folder.resolve("bad.pem"), "-----BEGIN CERTIFICATE-----\nMA==\n");
    var arguments = line.replace("FOLDER", folder.toString()).split(" +");

    // Nobody listens at port 1, so no cluster of whoever runs the tests is asked.
    System.setProperty("kubernetes.master", "http://127.0.0.1:1");
    System.setProperty("kubernetes.request.retry.backoffLimit", "0");
    try {
      var run = CommandLineRun.with(Map.of(), arguments);

      assertThat(run.err()).startsWith("referee: ").contains(named).doesNotContain("\tat ", "bug");
      assertThat(run.err().lines()).as(run.err()).hasSize(1);
      assertThat(run.exitCode()).isEqualTo(2);
    } finally {
      System.clearProperty("kubernetes.master");
      System.clearProperty("kubernetes.request.retry.backoffLimit");
    }
  }
}
