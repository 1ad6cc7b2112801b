package dev.referee.e2e.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which parts of a log entry cosign looks at, and which it rebuilds and does not: what real cosign
/// signed by a real Rekor v2 and v1, changed in one place, by cosign's own verification and
/// `referee bundle verify`.
@WithClients
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RekorPartsE2E {
  private static final String ALICE = "alice@referee.test";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TemporaryFolder folder = TemporaryFolder.create("referee-e2e-rekor");
  private Clients clients;
  private PrivateSigstore sigstore;
  private Path blob;
  private Path rekor2;
  private Path rekor1;

  @BeforeAll
  void sign(Clients clients) throws IOException {
    this.clients = clients;
    sigstore = PrivateSigstore.fromEnvironment(clients.home());
    // The first entry of a log has index 0, and no way to it.
    signed("first", "signing_config.json");
    signed("first1", "signing_config.rekor1.json");
    blob = Files.writeString(folder.path().resolve("blob"), "content");
    rekor2 = signed("rekor2", "signing_config.json");
    rekor1 = signed("rekor1", "signing_config.rekor1.json");
  }

  @AfterAll
  void stop() {
    folder.close();
  }

  private Path signed(String name, String config) throws IOException {
    var file = Files.writeString(folder.path().resolve(name), "content");
    return new CosignSigner(clients, sigstore)
        .signBlob(file, sigstore.token("email", ALICE), config, folder.path());
  }

  @Test
  void bothTakeWhatNobodyChanged() {
    for (var bundle : List.of(rekor2, rekor1)) {
      assertThat(ours(bundle).exitCode()).as(ours(bundle).stderr()).isZero();
      assertThat(theirs(bundle).succeeded()).as(theirs(bundle).stderr()).isTrue();
    }
  }

  /// What the table in `verify/README.md` says: cosign does not look, and we do.
  @ParameterizedTest
  @CsvSource({
    "canonicalizedBody,        LOG_ENTRY_MISMATCH",
    "kindVersion/version,      LOG_ENTRY_MISMATCH",
    "inclusionProof/rootHash,  INCLUSION_PROOF_INVALID",
    "inclusionProof/treeSize,  INCLUSION_PROOF_INVALID",
    "inclusionProof/logIndex,  INCLUSION_PROOF_INVALID",
  })
  void cosignDoesNotLookAtPartsOfTheSecondRekor(String part, String reason) throws IOException {
    var changed = changed(rekor2, part);

    assertRefused(ours(changed), reason);
    assertThat(theirs(changed).succeeded()).as(theirs(changed).stderr()).isTrue();
    Stricter.REKOR_2.assertInTable();
  }

  /// Of the rest of such an entry, and of the first Rekor's, both have the same to say.
  @ParameterizedTest
  @CsvSource({
    "2, logIndex,                           INCLUSION_PROOF_INVALID",
    "2, logId/keyId,                        LOG_UNKNOWN",
    "2, inclusionProof/hashes/0,            INCLUSION_PROOF_INVALID",
    "2, inclusionProof/checkpoint/envelope, CHECKPOINT_INVALID",
    "1, canonicalizedBody,                  LOG_ENTRY_MISMATCH",
    "1, logIndex,                           LOG_PROMISE_INVALID",
    "1, logId/keyId,                        LOG_UNKNOWN",
    "1, integratedTime,                     LOG_PROMISE_INVALID",
    "1, inclusionPromise/signedEntryTimestamp, LOG_PROMISE_INVALID",
    "1, inclusionProof/rootHash,            INCLUSION_PROOF_INVALID",
    "1, inclusionProof/treeSize,            INCLUSION_PROOF_INVALID",
    "1, inclusionProof/logIndex,            INCLUSION_PROOF_INVALID",
    "1, inclusionProof/hashes/0,            INCLUSION_PROOF_INVALID",
    "1, inclusionProof/checkpoint/envelope, CHECKPOINT_INVALID",
  })
  void bothRefuseTheOtherParts(int rekor, String part, String reason) throws IOException {
    var changed = changed(rekor == 2 ? rekor2 : rekor1, part);

    assertRefused(ours(changed), reason);
    assertThat(theirs(changed).succeeded()).as(theirs(changed).stderr()).isFalse();
  }

  private static void assertRefused(Output ours, String reason) {
    assertThat(ours.exitCode()).as(ours.stdout()).isEqualTo(1);
    assertThat(ours.stderr()).contains("not verified: " + reason);
  }

  private Output ours(Path bundle) {
    return RefereeProcess.run(
        folder.path(),
        Stream.concat(Stream.of("bundle", "verify"), arguments(bundle).stream())
            .toArray(String[]::new));
  }

  private Output theirs(Path bundle) {
    return clients
        .cosign()
        .run(
            Stream.concat(Stream.of("verify-blob"), arguments(bundle).stream())
                .toArray(String[]::new));
  }

  private List<String> arguments(Path bundle) {
    var arguments = new ArrayList<>(List.of("--bundle", bundle.toString()));
    arguments.addAll(List.of("--trusted-root", sigstore.trustedRoot().toString()));
    arguments.addAll(Question.Signer.of(sigstore.issuer("email"), ALICE).flags());
    arguments.add(blob.toString());
    return arguments;
  }

  /// The bundle with another value in one place of its entry.
  private Path changed(Path bundle, String part) throws IOException {
    var tree = JSON.readTree(bundle.toFile());
    var pointer = "/verificationMaterial/tlogEntries/0/" + part;
    var value = tree.at(pointer).asText();
    assertThat(value).as("%s of %s", part, bundle).isNotEmpty();
    int name = pointer.lastIndexOf('/');
    var parent = tree.at(pointer.substring(0, name));
    var other = other(pointer.substring(name + 1), value);
    if (parent instanceof ObjectNode object) {
      object.put(pointer.substring(name + 1), other);
    } else {
      ((ArrayNode) parent).set(0, other);
    }
    return Files.writeString(folder.path().resolve("changed.json"), tree.toString());
  }

  private static String other(String name, String value) {
    return switch (name) {
      case "logIndex", "treeSize", "integratedTime" -> next(value);
      // Of a kind, another that there is.
      case "version" -> "0.0.1";
      case "canonicalizedBody" -> anotherSignature(value);
      // The log's size, below which it signed.
      case "envelope" -> {
        var lines = value.split("\n", -1);
        lines[1] = next(lines[1]);
        yield String.join("\n", lines);
      }
      default -> {
        var bytes = Base64.getDecoder().decode(value);
        bytes[bytes.length / 2] ^= 1;
        yield Base64.getEncoder().encodeToString(bytes);
      }
    };
  }

  private static String next(String number) {
    return String.valueOf(Long.parseLong(number) + 1);
  }

  /// A signature is a sequence in DER, which in base64 begins with an M.
  private static String anotherSignature(String body) {
    var text = new String(Base64.getDecoder().decode(body), UTF_8);
    var other = text.replaceFirst("\"content\":\"M", "\"content\":\"N");
    assertThat(other).isNotEqualTo(text);
    return Base64.getEncoder().encodeToString(other.getBytes(UTF_8));
  }
}
