package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.clients.Clients;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Signs with the real cosign by a Sigstore instance, in each of its modes.
final class CosignSigner {
  private static final List<String> SBOM =
      List.of("--type", "spdxjson", "--predicate", "spdx.json");

  private final Clients clients;
  private final PrivateSigstore sigstore;

  CosignSigner(Clients clients, PrivateSigstore sigstore) {
    this.clients = requireNonNull(clients, "clients is null");
    this.sigstore = requireNonNull(sigstore, "sigstore is null");
  }

  /// Signs an image with a certificate, in a bundle that refers to it.
  ///
  /// @param config which servers take part
  void sign(String image, String token, String config) {
    run("sign", List.of("--identity-token", token), config, image);
  }

  /// The same with a key, a file.
  void signByKey(String image, String key, String config) {
    run("sign", List.of("--key", key), config, image);
  }

  /// Attests an SBOM, in a bundle.
  void attest(String image, String token, String config) {
    run("attest", Question.and(SBOM, "--identity-token", token), config, image);
  }

  /// Signs a file.
  ///
  /// @param folder for the bundle
  /// @return the bundle
  Path signBlob(Path file, String token, String config, Path folder) {
    var bundle = folder.resolve(file.getFileName() + ".sigstore.json");
    run(
        "sign-blob",
        List.of("--identity-token", token, "--bundle", bundle.toString()),
        config,
        file.toString());
    return bundle;
  }

  /// Signs an image under a tag, as older releases did.
  void signOlder(String image, String token, boolean timestamp) {
    runOlder("sign", List.of("--identity-token", token), timestamp, image);
  }

  /// Attests an SBOM under a tag.
  void attestOlder(String image, String token, boolean timestamp) {
    runOlder("attest", Question.and(SBOM, "--identity-token", token), timestamp, image);
  }

  private void run(String command, List<String> options, String config, String subject) {
    var arguments =
        new ArrayList<>(
            List.of(
                command,
                "-y",
                "--trusted-root",
                sigstore.trustedRoot().toString(),
                "--signing-config",
                sigstore.signingConfig(config).toString()));
    arguments.addAll(options);
    arguments.add(subject);
    cosign(arguments);
  }

  private void runOlder(String command, List<String> options, boolean timestamp, String image) {
    var arguments =
        new ArrayList<>(
            List.of(
                command,
                "-y",
                "--new-bundle-format=false",
                "--use-signing-config=false",
                "--fulcio-url",
                sigstore.url("FULCIO_URL"),
                "--rekor-url",
                sigstore.url("REKOR1_URL"),
                "--trusted-root",
                sigstore.trustedRoot().toString()));
    arguments.addAll(options);
    if (timestamp) {
      arguments.addAll(List.of("--timestamp-server-url", sigstore.url("TSA_URL")));
    }
    arguments.add(image);
    cosign(arguments);
  }

  private void cosign(List<String> arguments) {
    clients.cosign().with("COSIGN_PASSWORD", "").succeed(arguments.toArray(String[]::new));
  }
}
