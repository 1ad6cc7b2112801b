package dev.referee.verify.sigstore;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.oci.Digest;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.CertificateClaim;
import dev.referee.verify.trust.CertificateIdentity;
import dev.referee.verify.trust.ProofProfile;
import dev.referee.verify.trust.TrustRoot;
import dev.referee.verify.trust.TrustRootReader;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import dev.referee.verify.trust.UnusableTrustRootException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The cases of the sigstore-conformance suite, in the folder of shared vectors, which this project
/// did not write.
final class Conformance {
  private static final String IDENTITY =
      "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/"
          + ".github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
  private static final String ISSUER = "https://token.actions.githubusercontent.com";
  static final int MAX_BYTES = 8 << 20;

  private Conformance() {}

  /// The suite, if it is there.
  static Optional<Path> folder() {
    return Optional.ofNullable(System.getProperty("referee.shared"))
        .map(folder -> Path.of(folder, "vectors", "sigstore-conformance"))
        .filter(Files::isDirectory);
  }

  /// Every case; none where the suite is not there.
  static List<Case> cases() {
    return folder()
        .map(folder -> folder.resolve("bundle-verify"))
        .map(Conformance::list)
        .orElse(List.of())
        .stream()
        .map(Case::new)
        .toList();
  }

  /// Parameters of a test that is skipped where the suite is not there: JUnit wants at least one.
  static List<Case> orSkipped(List<Case> cases) {
    return cases.isEmpty() ? List.of(new Case(Path.of("absent"))) : cases;
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What is asked about a bundle.
  interface Verifying {
    VerifiedBundle verify(Bundle bundle) throws UnprovenException;
  }

  /// One case.
  record Case(Path folder) {
    String name() {
      return String.valueOf(folder.getFileName());
    }

    boolean mustVerify() {
      return !name().endsWith("_fail");
    }

    byte[] bundle() {
      return bytes(folder.resolve("bundle.sigstore.json"));
    }

    byte[] artifact() {
      var own = folder.resolve("artifact");
      return bytes(Files.exists(own) ? own : folder.resolveSibling("a.txt"));
    }

    byte[] trustRoot() {
      var own = folder.resolve("trusted_root.json");
      return bytes(
          Files.exists(own)
              ? own
              : folder.resolveSibling("../trusted-root-public-good.json").normalize());
    }

    private String text(String file, String absent) {
      var path = folder.resolve(file);
      return Files.exists(path) ? new String(bytes(path), UTF_8).strip() : absent;
    }

    /// Verifies the bundle as the suite's command line does.
    ///
    /// @throws UnusableKeyException where the case's key is none
    VerifiedBundle verify(byte[] bundle, boolean byDigest)
        throws UnprovenException, UnusableKeyException {
      Artifact artifact =
          byDigest ? new Artifact.Named(Digest.of(artifact())) : new Artifact.Content(artifact());
      return verify(root(), bundle, artifact);
    }

    /// The suite's verification of other bundles in this one's place: what is trusted is read once.
    Verifying verifying() throws UnusableKeyException {
      var verifier = new BundleVerifier(root(), ProofProfile.STRICT);
      var artifact = new Artifact.Content(artifact());
      if (Files.exists(folder.resolve("key.pub"))) {
        var key = key();
        return bundle -> verifier.verify(bundle, artifact, key);
      }
      var identities = List.of(identity());
      return bundle -> verifier.verify(bundle, artifact, identities);
    }

    /// Verifies the bundle by another trust root.
    VerifiedBundle verify(TrustRoot root) throws UnprovenException, UnusableKeyException {
      return verify(root, bundle(), new Artifact.Content(artifact()));
    }

    private VerifiedBundle verify(TrustRoot root, byte[] bundle, Artifact artifact)
        throws UnprovenException, UnusableKeyException {
      var verifier = new BundleVerifier(root, ProofProfile.STRICT);
      var parsed = BundleReader.read(bundle, MAX_BYTES);
      return Files.exists(folder.resolve("key.pub"))
          ? verifier.verify(parsed, artifact, key())
          : verifier.verify(parsed, artifact, List.of(identity()));
    }

    /// The key that signed, where it is one.
    TrustedKey key() throws UnusableKeyException {
      return TrustedKey.parse(text("key.pub", ""), null);
    }

    TrustRoot root() {
      try {
        return TrustRootReader.read(trustRoot()).getFirst();
      } catch (UnusableTrustRootException e) {
        throw new AssertionError("the suite's trust roots are read", e);
      }
    }

    private CertificateIdentity identity() {
      return CertificateIdentity.of(
          Map.of(
              CertificateClaim.SUBJECT, text("identity", IDENTITY),
              CertificateClaim.ISSUER, text("issuer", ISSUER)),
          Map.of());
    }

    @Override
    public String toString() {
      return name();
    }
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
