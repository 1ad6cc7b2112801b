package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/// A registry with images that notation signs, and the verdicts of `notation verify` and `referee
/// verify` by the same trust policy, which have to be the same.
final class NotationVerdicts implements AutoCloseable {
  private final TemporaryFolder folder = TemporaryFolder.create("referee-e2e-notation");
  private final Map<String, String> stores = new HashMap<>();
  private final RefereeProcess registry;
  private final ImageBuilder images;
  private final NotationClient notation;
  private int files;

  NotationVerdicts(Clients clients) {
    registry = RefereeProcess.registry(folder.path());
    images = new ImageBuilder(clients, registry.host());
    notation = new NotationClient(clients);
  }

  NotationClient notation() {
    return notation;
  }

  ImageBuilder images() {
    return images;
  }

  /// Adds a trust store, for both.
  ///
  /// @param kind `ca`, `signingAuthority` or `tsa`
  void store(String kind, String name, String certificatePem) {
    notation.store(kind, name, certificatePem);
    stores.put(kind + ":" + name, certificatePem);
  }

  /// Pushes an image.
  ///
  /// @return its reference by digest
  String image(String name) {
    return images.digested(images.push(name));
  }

  /// @param expected a reason, or `allowed`, or `noted` where what is wrong is only told
  void assertBoth(String image, NotationPolicy policy, String expected) throws IOException {
    assertDecision(verify(image, signer("signer", spec(policy))), expected);

    var theirs = notation.verify(image, policy);
    assertThat(theirs.succeeded())
        .as("notation: %s%s", theirs.stdout(), theirs.stderr())
        .isEqualTo(expected.equals("allowed") || expected.equals("noted"));
  }

  /// A signer of ours by a policy of theirs.
  String spec(NotationPolicy policy) {
    return policy.spec(store -> requireNonNull(stores.get(store), store));
  }

  static void assertDecision(Output verdict, String expected) {
    var text = verdict.stdout() + verdict.stderr();
    switch (expected) {
      case "allowed" -> {
        assertThat(verdict.exitCode()).as(text).isZero();
        assertThat(verdict.stdout()).contains("verdict: allowed").doesNotContain("not enforced");
      }
      case "noted" -> {
        assertThat(verdict.exitCode()).as(text).isZero();
        assertThat(verdict.stdout()).contains("verdict: allowed", "not enforced");
      }
      default -> {
        assertThat(verdict.exitCode()).as(text).isEqualTo(1);
        assertThat(verdict.stdout()).contains("verdict: denied", expected);
      }
    }
  }

  static String signer(String name, String spec) {
    return TrustDocuments.signer(name, "", spec) + "---\n";
  }

  /// Asks ours.
  Output verify(String image, String signers) throws IOException {
    var file = folder.path().resolve("documents-%d.yaml".formatted(files++));
    var policy =
        TrustDocuments.policy(
            "signed", "", registry.host() + "/**", "{name: signed, signature: {by: [signer]}}");
    Files.writeString(file, signers + policy);
    return RefereeProcess.run(folder.path(), "verify", image, "--policy", file.toString());
  }

  @Override
  public void close() {
    registry.close();
    folder.close();
  }
}
