package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sigstore.Artifact;
import dev.referee.verify.sigstore.Bundle;
import dev.referee.verify.sigstore.BundleReader;
import dev.referee.verify.sigstore.BundleVerifier;
import dev.referee.verify.sigstore.VerifiedBundle;
import dev.referee.verify.trust.CertificateClaim;
import dev.referee.verify.trust.CertificateIdentity;
import dev.referee.verify.trust.ProofProfile;
import dev.referee.verify.trust.TrustRoot;
import dev.referee.verify.trust.TrustRootReader;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import dev.referee.verify.trust.UnusableTrustRootException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `referee bundle verify`: one bundle against one artifact, offline. Its options are those of the
/// sigstore-conformance suite (docs/cli_protocol.md), so that the suite can drive it.
@Command(
    name = "verify",
    description = {
      "Verifies one Sigstore bundle against a file or its digest, offline.",
      "A signature by a certificate must be in a transparency log, and the certificate in a log of"
          + " certificates. With a key and no trust root, the key's signature alone counts."
    },
    exitCodeList = {"0:verified", "1:not verified", "2:misused"})
final class BundleVerifyCommand implements Callable<Integer> {
  /// An attestation of many megabytes still fits; a bundle is held in memory as a whole.
  private static final int MAX_BYTES = 32 << 20;

  @Parameters(paramLabel = "FILE|sha256:HEX", description = "The artifact, or its digest.")
  private String artifact = "";

  @Option(names = "--bundle", paramLabel = "FILE", required = true, description = "The bundle.")
  private Path bundle = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "The public key that must have signed, in PEM.")
  private @Nullable Path key;

  @Option(
      names = "--certificate-identity",
      paramLabel = "SUBJECT",
      description = "The subject of the certificate that must have signed.")
  private @Nullable String identity;

  @Option(
      names = "--certificate-oidc-issuer",
      paramLabel = "URL",
      description = "The OpenID issuer that vouches for the subject.")
  private @Nullable String issuer;

  @Option(
      names = "--trusted-root",
      paramLabel = "FILE",
      description = "Whom to believe: a trusted_root.json, or several of them, one a line.")
  private @Nullable Path trustedRoot;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws MisuseException {
    var line = requireNonNull(spec, "picocli sets spec").commandLine();
    var check = check();
    var signed = artifact();
    var content = read(bundle);
    try {
      var verified = check.verify(BundleReader.read(content, MAX_BYTES), signed);
      line.getOut().println(words(verified));
      return ExitCode.OK;
    } catch (UnprovenException e) {
      line.getErr().println("referee: not verified: %s: %s".formatted(e.reason(), e.sentence()));
      return ExitCode.DENIED;
    }
  }

  /// What has to be proven, with everything at hand.
  private interface Check {
    VerifiedBundle verify(Bundle bundle, Artifact artifact) throws UnprovenException;
  }

  private Check check() throws MisuseException {
    if (key != null) {
      if (identity != null || issuer != null) {
        throw new MisuseException("--key and --certificate-identity exclude each other");
      }
      var trusted = key(key);
      if (trustedRoot == null) {
        return (bundle, artifact) -> BundleVerifier.verifyByKeyAlone(bundle, artifact, trusted);
      }
      var roots = roots(trustedRoot);
      return (bundle, artifact) ->
          byAny(roots, verifier -> verifier.verify(bundle, artifact, trusted));
    }
    if (identity == null || issuer == null) {
      throw new MisuseException(
          "say who must have signed: --key, or --certificate-identity with"
              + " --certificate-oidc-issuer");
    }
    if (trustedRoot == null) {
      throw new MisuseException("a certificate is verified by a trust root: give --trusted-root");
    }
    var roots = roots(trustedRoot);
    var expected = expected(identity, issuer);
    return (bundle, artifact) ->
        byAny(roots, verifier -> verifier.verify(bundle, artifact, List.of(expected)));
  }

  private interface ByRoot {
    VerifiedBundle verify(BundleVerifier verifier) throws UnprovenException;
  }

  /// Each root by itself: who is trusted by one is not vouched for by another's logs.
  private static VerifiedBundle byAny(List<TrustRoot> roots, ByRoot check)
      throws UnprovenException {
    UnprovenException first = null;
    for (var root : roots) {
      try {
        return check.verify(new BundleVerifier(root, ProofProfile.STRICT));
      } catch (UnprovenException e) {
        first = first == null ? e : first;
      }
    }
    throw requireNonNull(first, "there is at least one root");
  }

  private static CertificateIdentity expected(String identity, String issuer)
      throws MisuseException {
    try {
      return CertificateIdentity.of(
          Map.of(CertificateClaim.SUBJECT, identity, CertificateClaim.ISSUER, issuer), Map.of());
    } catch (IllegalArgumentException e) {
      throw new MisuseException(String.valueOf(e.getMessage()), e);
    }
  }

  private Artifact artifact() throws MisuseException {
    if (!artifact.startsWith("sha256:")) {
      return new Artifact.Content(read(Path.of(artifact)));
    }
    try {
      return new Artifact.Named(Digest.parse(artifact));
    } catch (MalformedContentException e) {
      throw new MisuseException(String.valueOf(e.getMessage()), e);
    }
  }

  private static TrustedKey key(Path file) throws MisuseException {
    try {
      return TrustedKey.parse(new String(read(file), StandardCharsets.UTF_8), null);
    } catch (UnusableKeyException e) {
      throw new MisuseException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static List<TrustRoot> roots(Path file) throws MisuseException {
    try {
      return TrustRootReader.read(read(file));
    } catch (UnusableTrustRootException e) {
      throw new MisuseException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static byte[] read(Path file) throws MisuseException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new MisuseException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static String words(VerifiedBundle verified) {
    var subject = verified.claims().get(CertificateClaim.SUBJECT);
    var times =
        verified.times().isEmpty()
            ? ""
            : verified.times().stream()
                .distinct()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", " at ", ""));
    return subject == null
        ? "verified: signed with the key" + times
        : "verified: signed by %s (%s)%s"
            .formatted(subject, verified.claims().get(CertificateClaim.ISSUER), times);
  }
}
