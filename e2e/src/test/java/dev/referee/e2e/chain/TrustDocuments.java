package dev.referee.e2e.chain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Trust roots, signers and policies as people write them.
final class TrustDocuments {
  private TrustDocuments() {}

  /// A trust root with the content of a file.
  ///
  /// @param prove in YAML's flow style
  static String trustRoot(String name, String labels, Path trustedRoot, String prove) {
    return """
    apiVersion: referee.dev/v1alpha1
    kind: ClusterTrustRoot
    metadata: {name: "%s", labels: {%s}}
    spec:
      sigstore:
        prove: %s
        trustedRoot:
          inline: |
    %s
    """
        .formatted(name, labels, prove, read(trustedRoot).indent(8));
  }

  /// A signer with any spec.
  ///
  /// @param spec in YAML's flow style
  static String signer(String name, String labels, String spec) {
    return """
    apiVersion: referee.dev/v1alpha1
    kind: ClusterSigner
    metadata: {name: "%s", labels: {%s}}
    spec: %s
    """
        .formatted(name, labels, spec);
  }

  /// A policy for some images with one requirement.
  ///
  /// @param requirement in YAML's flow style
  static String policy(String name, String labels, String images, String requirement) {
    return """
    apiVersion: referee.dev/v1alpha1
    kind: ClusterReferrerPolicy
    metadata: {name: "%s", labels: {%s}}
    spec:
      match: {images: ["%s"]}
      timeout: 29s
      require: [%s]
    """
        .formatted(name, labels, images, requirement);
  }

  /// The spec of a keyless signer with one identity.
  static String keyless(String root, String identity) {
    return "{keyless: {trustRoot: \"%s\", identities: [{%s}]}}".formatted(root, identity);
  }

  /// A text as a value in YAML's flow style.
  static String quoted(String text) {
    return "\"" + text.replace("\n", "\\n") + "\"";
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
