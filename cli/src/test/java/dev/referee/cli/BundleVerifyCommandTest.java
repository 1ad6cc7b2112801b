package dev.referee.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.oci.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The command line protocol of the sigstore-conformance suite, over all of its cases. That each is
/// refused for its own reason is for the verifier's tests to say.
class BundleVerifyCommandTest {
  private static final Path SUITE =
      Path.of(System.getProperty("referee.shared", "absent"), "vectors", "sigstore-conformance");
  private static final String IDENTITY =
      "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/"
          + ".github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
  private static final String ISSUER = "https://token.actions.githubusercontent.com";

  static List<Path> cases() {
    var folder = SUITE.resolve("bundle-verify");
    if (!Files.isDirectory(folder)) {
      return List.of(Path.of("absent"));
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void knowsEveryCase() {
    assumeSuite();

    assertThat(cases()).hasSize(70);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void endsAsTheSuiteExpectsByFileAndByDigest(Path example) throws IOException {
    assumeSuite();
    var artifact = fileOf(example, "artifact", example.resolveSibling("a.txt"));
    boolean mustVerify = !example.toString().endsWith("_fail");

    for (var named :
        List.of(artifact.toString(), Digest.of(Files.readAllBytes(artifact)).toString())) {
      var run = CommandLineRun.of(arguments(example, named));

      if (mustVerify) {
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("verified: signed ");
      } else {
        assertThat(run.exitCode()).as(run.out()).isNotZero();
        assertThat(run.err()).startsWith("referee: ").doesNotContain("bug");
        assertThat(run.out()).isEmpty();
      }
    }
  }

  @Test
  void saysWhyABundleIsNotVerified() {
    assumeSuite();
    var example = SUITE.resolve("bundle-verify").resolve("happy-path-v0.3");

    var run =
        CommandLineRun.of(
            "bundle",
            "verify",
            "--bundle",
            example.resolve("bundle.sigstore.json").toString(),
            "--certificate-identity",
            "https://github.com/somebody/else",
            "--certificate-oidc-issuer",
            ISSUER,
            "--trusted-root",
            SUITE.resolve("trusted-root-public-good.json").toString(),
            example.resolveSibling("a.txt").toString());

    assertThat(run.exitCode()).isEqualTo(ExitCode.DENIED);
    assertThat(run.err()).startsWith("referee: not verified: IDENTITY_MISMATCH: ");
  }

  @Test
  void needsToKnowWhoMustHaveSigned() {
    var run = CommandLineRun.of("bundle", "verify", "--bundle", "b.json", "a.txt");

    assertThat(run.exitCode()).isEqualTo(ExitCode.UNDECIDED);
    assertThat(run.err()).contains("say who must have signed");
  }

  @Test
  void needsATrustRootForACertificate() {
    var run =
        CommandLineRun.of(
            "bundle",
            "verify",
            "--bundle",
            "b.json",
            "--certificate-identity",
            "x",
            "--certificate-oidc-issuer",
            "y",
            "a.txt");

    assertThat(run.exitCode()).isEqualTo(ExitCode.UNDECIDED);
    assertThat(run.err()).contains("give --trusted-root");
  }

  private static void assumeSuite() {
    assumeTrue(Files.isDirectory(SUITE), "SKIPPED: the sigstore-conformance suite is not there");
  }

  private static String[] arguments(Path example, String artifact) throws IOException {
    var arguments = new ArrayList<String>(List.of("bundle", "verify", "--bundle"));
    arguments.add(example.resolve("bundle.sigstore.json").toString());
    if (Files.exists(example.resolve("key.pub"))) {
      arguments.addAll(List.of("--key", example.resolve("key.pub").toString()));
    } else {
      arguments.addAll(
          List.of(
              "--certificate-identity",
              textOf(example, "identity", IDENTITY),
              "--certificate-oidc-issuer",
              textOf(example, "issuer", ISSUER)));
    }
    arguments.add("--trusted-root");
    arguments.add(
        fileOf(example, "trusted_root.json", SUITE.resolve("trusted-root-public-good.json"))
            .toString());
    arguments.add(artifact);
    return arguments.toArray(String[]::new);
  }

  private static Path fileOf(Path example, String name, Path absent) {
    var own = example.resolve(name);
    return Files.exists(own) ? own : absent;
  }

  private static String textOf(Path example, String name, String absent) throws IOException {
    var own = example.resolve(name);
    return Files.exists(own) ? Files.readString(own).strip() : absent;
  }
}
