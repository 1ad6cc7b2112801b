package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.tools.Program;
import dev.referee.testing.Documents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes images and what refers to them, with the clients that people use: crane pushes, cosign
/// signs, oras attaches.
final class ImageBuilder {
  private static final String KEY_PASSWORD = "COSIGN_PASSWORD";

  private final Clients clients;
  private final Path home;
  private final String registry;

  /// @param registry `HOST:PORT`, on loopback, without TLS
  ImageBuilder(Clients clients, String registry) {
    this.clients = requireNonNull(clients, "clients is null");
    this.home = clients.home();
    this.registry = requireNonNull(registry, "registry is null");
    // No transparency log, no time stamps, and no look at the network for either.
    clients
        .cosign()
        .succeed(
            "signing-config",
            "create",
            "--no-default-fulcio",
            "--no-default-oidc",
            "--no-default-rekor",
            "--no-default-tsa",
            "--out",
            "signing-config.json");
    clients
        .cosign()
        .succeed(
            "trusted-root",
            "create",
            "--no-default-ctfe",
            "--no-default-fulcio",
            "--no-default-rekor",
            "--no-default-tsa",
            "--out",
            "trusted-root.json");
    write("spdx.json", Documents.spdx("shop"));
    write("sarif.json", Documents.sarif("demo"));
  }

  /// A new key pair of cosign's.
  ///
  /// @return the public key, in PEM
  String key(String name) {
    cosign().succeed("generate-key-pair", "--output-key-prefix", name);
    try {
      return Files.readString(home.resolve(name + ".pub"));
    } catch (IOException e) {
      throw new UncheckedIOException("cosign wrote no public key", e);
    }
  }

  /// Pushes an image of one small layer.
  ///
  /// @return its reference by tag
  String push(String name) {
    var reference = "%s/shop/%s:v1".formatted(registry, name);
    write("layer-" + name + ".tar", layer(name));
    clients
        .crane()
        .succeed("append", "--oci-empty-base", "-f", "layer-" + name + ".tar", "-t", reference);
    return reference;
  }

  /// The same image by digest, as signers want it.
  String digested(String reference) {
    return reference.substring(0, reference.lastIndexOf(':'))
        + "@"
        + clients.crane().succeed("digest", reference).text();
  }

  /// Signs by key, as cosign does by default: a Sigstore bundle that refers to the image.
  void sign(String key, String reference) {
    sign(key, reference, List.of());
  }

  /// Signs as cosign 2 did: under the tag `sha256-....sig`.
  void signWithTag(String key, String reference) {
    cosign()
        .succeed(
            "sign",
            "--key",
            key + ".key",
            "-y",
            "--tlog-upload=false",
            "--use-signing-config=false",
            "--new-bundle-format=false",
            digested(reference));
  }

  private void sign(String key, String reference, List<String> more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "sign",
                "--key",
                key + ".key",
                "--signing-config",
                "signing-config.json",
                "--trusted-root",
                "trusted-root.json",
                "-y"));
    arguments.addAll(more);
    arguments.add(reference.contains("@") ? reference : digested(reference));
    cosign().succeed(arguments.toArray(String[]::new));
  }

  /// Attests an SBOM: one signed statement that holds it.
  void attestSbom(String key, String reference) {
    cosign()
        .succeed(
            "attest",
            "--key",
            key + ".key",
            "--signing-config",
            "signing-config.json",
            "--trusted-root",
            "trusted-root.json",
            "-y",
            "--type",
            "spdxjson",
            "--predicate",
            "spdx.json",
            digested(reference));
  }

  /// Attaches an SBOM as a document.
  ///
  /// @return the reference of the SBOM, by digest
  String attachSbom(String reference) {
    return attach(reference, Documents.SPDX_TYPE, "spdx.json");
  }

  /// Attaches a scan report to an SBOM.
  String attachReport(String reference) {
    return attach(reference, Documents.SARIF_TYPE, "sarif.json");
  }

  private String attach(String reference, String type, String file) {
    return clients
        .oras()
        .succeed(
            "attach",
            "--plain-http",
            "--no-tty",
            "--artifact-type",
            type,
            "--format",
            "go-template={{.reference}}",
            reference,
            file + ":" + type)
        .text();
  }

  /// Copies an image with everything that refers to it into a folder.
  void copyToLayout(String reference, Path layout) {
    clients
        .oras()
        .succeed(
            "copy",
            "--recursive",
            "--no-tty",
            "--from-plain-http",
            "--to-oci-layout",
            reference,
            layout + ":v1");
  }

  private Program cosign() {
    return clients.cosign().with(KEY_PASSWORD, "");
  }

  private void write(String name, byte[] content) {
    try {
      Files.write(home.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be written", e);
    }
  }

  /// A tar archive of no file that is different for every name: two zero blocks are its end, and
  /// readers ignore what follows.
  private static byte[] layer(String name) {
    var bytes = new byte[2 * 512 + name.length()];
    for (int i = 0; i < name.length(); i++) {
      bytes[2 * 512 + i] = (byte) name.charAt(i);
    }
    return bytes;
  }
}
