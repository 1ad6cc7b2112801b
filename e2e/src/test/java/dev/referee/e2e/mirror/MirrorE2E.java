package dev.referee.e2e.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.clients.Distribution;
import dev.referee.e2e.junit.WithClients;
import dev.referee.testing.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An image, a signature under cosign's tag and an SBOM under the fallback tag, as real clients
/// leave them in a registry without the referrers API, and what the clients then find in ours.
@WithClients
class MirrorE2E {
  private static final String NAME = "shop/app";

  @TempDir private Path there;
  @TempDir private Path here;
  @TempDir private Path root;

  @Test
  void importBringsAnImageWithItsEvidence(Clients clients) throws IOException {
    try (var upstream = Distribution.start(there).awaitListening();
        var registry = RefereeProcess.registry(here)) {
      var image = push(clients, upstream.host() + "/" + NAME);
      var copied = "%s/old/%s:v1".formatted(registry.host(), NAME);

      var first =
          RefereeProcess.run(
              here,
              "registry",
              "import",
              upstream.host() + "/" + NAME,
              "--to",
              registry.host() + "/old");
      var second =
          RefereeProcess.run(
              here,
              "registry",
              "import",
              upstream.host() + "/" + NAME,
              "--to",
              registry.host() + "/old");

      assertThat(first.exitCode()).as(first.stderr()).isZero();
      assertThat(second.exitCode()).as(second.stderr()).isZero();
      assertThat(second.stdout()).contains("0 manifests and 0 blobs (0 B) copied");
      assertThat(clients.crane().succeed("digest", copied).text()).isEqualTo(image);
      assertEvidence(clients, copied);
    }
  }

  @Test
  void aMirrorServesAnImageWithItsEvidenceWhenTheUpstreamIsGone(Clients clients)
      throws IOException {
    try (var upstream = Distribution.start(there).awaitListening()) {
      var image = push(clients, upstream.host() + "/" + NAME);
      var file =
          Files.writeString(
              here.resolve("upstreams.json"),
              "{\"mirrors\":[{\"prefix\":\"hub\",\"upstream\":\"%s\",\"freshSeconds\":1}]}"
                  .formatted(upstream.host()));
      try (var mirror =
          RefereeProcess.serve(
              here,
              Map.of(),
              "registry",
              "--root",
              root.toString(),
              "--listen",
              "127.0.0.1:0",
              "--upstreams",
              file.toString())) {
        var mirrored = "%s/hub/%s:v1".formatted(mirror.host(), NAME);
        clients.crane().succeed("pull", mirrored, "first.tar");
        assertEvidence(clients, mirrored);

        upstream.stop();

        assertThat(clients.crane().succeed("digest", mirrored).text()).isEqualTo(image);
        clients.crane().succeed("pull", mirrored, "second.tar");
        assertThat(clients.home().resolve("second.tar"))
            .hasSameBinaryContentAs(clients.home().resolve("first.tar"));
        assertEvidence(clients, mirrored);
      }
    }
  }

  /// An image with an SBOM by oras and a signature by cosign, as cosign 2 signed.
  private static String push(Clients clients, String repository) throws IOException {
    var home = clients.home();
    var reference = repository + ":v1";
    var layer = new byte[1024 + NAME.length()];
    System.arraycopy(NAME.getBytes(UTF_8), 0, layer, 1024, NAME.length());
    Files.write(home.resolve("layer.tar"), layer);
    Files.write(home.resolve("spdx.json"), Documents.spdx("shop"));
    clients.crane().succeed("append", "--oci-empty-base", "-f", "layer.tar", "-t", reference);
    clients
        .oras()
        .succeed(
            "attach",
            "--plain-http",
            "--no-tty",
            "--artifact-type",
            Documents.SPDX_TYPE,
            reference,
            "spdx.json:" + Documents.SPDX_TYPE);
    var digest = clients.crane().succeed("digest", reference).text();
    var cosign = clients.cosign().with("COSIGN_PASSWORD", "");
    if (!Files.exists(home.resolve("ci.key"))) {
      cosign.succeed("generate-key-pair", "--output-key-prefix", "ci");
    }
    cosign.succeed(
        "sign",
        "--key",
        "ci.key",
        "-y",
        "--tlog-upload=false",
        "--use-signing-config=false",
        "--new-bundle-format=false",
        repository + "@" + digest);
    return digest;
  }

  private static void assertEvidence(Clients clients, String reference) {
    assertThat(
            clients
                .oras()
                .succeed(
                    "discover",
                    "--plain-http",
                    "--distribution-spec",
                    "v1.1-referrers-api",
                    "--format",
                    "json",
                    reference)
                .stdout())
        .contains(Documents.SPDX_TYPE);
    clients
        .cosign()
        .with("COSIGN_PASSWORD", "")
        .succeed(
            "verify",
            "--key",
            "ci.pub",
            "--insecure-ignore-tlog=true",
            "--new-bundle-format=false",
            reference);
  }
}
