package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CHECKPOINT_INVALID;
import static dev.referee.verify.decision.Reason.INCLUSION_PROOF_INVALID;
import static dev.referee.verify.decision.Reason.INCLUSION_PROOF_MISSING;
import static dev.referee.verify.sigstore.Virtual.ARTIFACT;
import static dev.referee.verify.sigstore.Virtual.refuses;
import static dev.referee.verify.sigstore.Virtual.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.testing.sigstore.CheckpointDraft;
import dev.referee.testing.sigstore.SeededKey;
import dev.referee.testing.sigstore.Signing;
import dev.referee.testing.sigstore.TransparencyLog;
import dev.referee.testing.sigstore.VirtualSigstore;
import dev.referee.verify.signature.UnprovenException;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Roots that logs sign, and ways that lead to them, wrong in one place, by number.
class CheckpointNumbersTest {
  private static final String PROOF = "/verificationMaterial/tlogEntries/0/inclusionProof";

  private final VirtualSigstore sigstore = Virtual.sigstore();

  private Signing with(TransparencyLog log, Consumer<CheckpointDraft> change) {
    return sigstore.message(ARTIFACT).entry(log, e -> e.checkpoint(change)).timestamp(_ -> {});
  }

  private Signing withProof(Consumer<ObjectNode> change) {
    return sigstore.message(ARTIFACT).bundle(b -> change.accept((ObjectNode) b.at(PROOF)));
  }

  /// N58: another size, root, origin, name, hint or key; each signed, but not by this log of this
  /// tree.
  @Test
  void n58RefusesEveryOtherCheckpoint() {
    var key = sigstore.newKey(SeededKey.Kind.P256);
    for (var log : List.of(sigstore.rekor1(), sigstore.rekor2())) {
      var other =
          log.version() == TransparencyLog.Version.V1 ? key : Virtual.stranger().rekor2().key();
      checkpoint("another tree", with(log, c -> c.size(4711)));
      checkpoint("another tree", with(log, c -> c.root(new byte[32])));
      checkpoint("another log", with(log, c -> c.origin("rekor3.referee.test")));
      checkpoint("another log", with(log, c -> c.origin(log.host() + ".evil.test")));
      checkpoint("not signed by", with(log, c -> c.signerName("rekor3.referee.test")));
      checkpoint("not signed by", with(log, c -> c.hint(new byte[] {1, 2, 3, 4})));
      checkpoint("not signed by", with(log, c -> c.signedBy(other)));
    }
  }

  /// N58: a witness speaks for no log, and an extension is part of what is signed.
  @Test
  void n58CountsNoWitnessForTheLog() throws UnprovenException {
    var witness = sigstore.newKey(SeededKey.Kind.ED25519);
    var log = sigstore.rekor2();

    checkpoint(
        "not signed by", with(log, c -> c.withoutLogSignature().witness("witness.test", witness)));
    checkpoint(
        "not signed by", with(log, c -> c.withoutLogSignature().witness(log.host(), witness)));
    assertThat(
            verify(
                    sigstore,
                    with(log, c -> c.extension("Timestamp: 7").witness("witness.test", witness)))
                .times())
        .hasSize(1);
  }

  /// N58: none at all, where a promise does not do.
  @Test
  void n58RefusesAProofWithoutCheckpoint() {
    checkpoint("without the log's signed root", withProof(proof -> proof.remove("checkpoint")));
  }

  /// N59: an index beyond the tree, another index, a way that is too short, too long, or another.
  @Test
  void n59RefusesEveryOtherWay() {
    proof(withProof(proof -> proof.put("logIndex", proof.path("treeSize").asText())));
    proof(withProof(proof -> proof.put("logIndex", "0")));
    proof(withProof(proof -> proof.put("treeSize", "0")));
    proof(withProof(proof -> hashes(proof).remove(0)));
    proof(withProof(proof -> hashes(proof).add(hashes(proof).get(0))));
    proof(withProof(proof -> hashes(proof).set(0, base64(new byte[32]))));
    proof(withProof(proof -> hashes(proof).set(0, base64(new byte[31]))));
    proof(withProof(proof -> proof.put("rootHash", base64(new byte[32]))));
  }

  /// N59: no way at all.
  @Test
  void n59RefusesAnEntryWithoutProof() {
    refuses(
        INCLUSION_PROOF_MISSING,
        "without a proof",
        sigstore,
        sigstore
            .message(ARTIFACT)
            .bundle(
                b ->
                    ((ObjectNode) b.at("/verificationMaterial/tlogEntries/0"))
                        .remove("inclusionProof")));
  }

  private void checkpoint(String words, Signing signing) {
    refuses(CHECKPOINT_INVALID, words, sigstore, signing);
  }

  private void proof(Signing signing) {
    refuses(INCLUSION_PROOF_INVALID, "does not lead", sigstore, signing);
  }

  private static ArrayNode hashes(ObjectNode proof) {
    return (ArrayNode) proof.path("hashes");
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
