package dev.referee.testing.sigstore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.DigestAlgorithm;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// What a log is about to sign of its tree (C2SP tlog-checkpoint and signed-note).
public final class CheckpointDraft {
  private static final byte ED25519 = 1;
  private static final byte COSIGNATURE = 4;

  private String origin;
  private long size;
  private byte[] root;
  private String signerName;
  private byte[] hint;
  private SeededKey signer;
  private boolean signedAtAll = true;
  private final List<String> extensions = new ArrayList<>();
  private final List<Witness> witnesses = new ArrayList<>();

  private record Witness(String name, SeededKey key) {}

  CheckpointDraft(
      String origin, String signerName, byte[] hint, SeededKey signer, long size, byte[] root) {
    this.origin = requireNonNull(origin, "origin is null");
    this.signerName = requireNonNull(signerName, "signerName is null");
    this.hint = requireNonNull(hint, "hint is null");
    this.signer = requireNonNull(signer, "signer is null");
    this.size = size;
    this.root = requireNonNull(root, "root is null");
  }

  /// The name of its key that a log of Ed25519 signs by.
  static byte[] keyId(String name, SeededKey key) {
    var spki = key.encoded();
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(name.getBytes(UTF_8));
    bytes.write('\n');
    bytes.write(ED25519);
    // What follows the algorithm is the key itself.
    bytes.writeBytes(Arrays.copyOfRange(spki, spki.length - 32, spki.length));
    return DigestAlgorithm.SHA256.newHasher().digest(bytes.toByteArray());
  }

  public CheckpointDraft origin(String other) {
    origin = other;
    return this;
  }

  public CheckpointDraft size(long other) {
    size = other;
    return this;
  }

  public CheckpointDraft root(byte[] other) {
    root = other;
    return this;
  }

  /// Under another name than the log's.
  public CheckpointDraft signerName(String other) {
    signerName = other;
    return this;
  }

  public CheckpointDraft hint(byte[] other) {
    hint = other;
    return this;
  }

  /// In the log's name and with its hint, by another key.
  public CheckpointDraft signedBy(SeededKey key) {
    signer = key;
    return this;
  }

  public CheckpointDraft withoutLogSignature() {
    signedAtAll = false;
    return this;
  }

  /// A line between the root and the blank one.
  public CheckpointDraft extension(String line) {
    extensions.add(line);
    return this;
  }

  /// A witness that signs below the log.
  public CheckpointDraft witness(String name, SeededKey key) {
    witnesses.add(new Witness(name, key));
    return this;
  }

  String note() {
    var text = new StringBuilder();
    text.append("%s\n%d\n%s\n".formatted(origin, size, Base64.getEncoder().encodeToString(root)));
    extensions.forEach(line -> text.append(line).append('\n'));
    var signed = text.toString();
    text.append('\n');
    if (signedAtAll) {
      text.append(line(signerName, hint, signer.sign(signed.getBytes(UTF_8))));
    }
    for (var witness : witnesses) {
      // A timestamp of eight bytes, and a signature (C2SP tlog-cosignature); nobody here checks it.
      var time = new byte[8];
      var message = ("cosignature/v1\ntime 0\n" + signed).getBytes(US_ASCII);
      var signature = concatenated(time, witness.key().sign(message));
      var id = keyId(witness.name(), witness.key());
      id[0] ^= COSIGNATURE;
      text.append(line(witness.name(), id, signature));
    }
    return text.toString();
  }

  private static String line(String name, byte[] id, byte[] signature) {
    var value = concatenated(Arrays.copyOf(id, 4), signature);
    return "\u2014 %s %s\n".formatted(name, Base64.getEncoder().encodeToString(value));
  }

  private static byte[] concatenated(byte[] one, byte[] other) {
    var all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }
}
