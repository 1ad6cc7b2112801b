package dev.referee.testing.sigstore;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/// An authority like Fulcio: a root that issued one intermediate certificate, which issues those of
/// signers.
public final class SigningAuthority {
  private static final Duration LIFE = Duration.ofDays(3650);
  private static final Duration LEAF_LIFE = Duration.ofMinutes(10);

  private final SecureRandom random;
  private final String name;
  private final SeededKey rootKey;
  private final X509Certificate root;
  private final SeededKey intermediateKey;
  private final X509Certificate intermediate;

  private SigningAuthority(
      SecureRandom random,
      String name,
      SeededKey rootKey,
      X509Certificate root,
      SeededKey intermediateKey,
      X509Certificate intermediate) {
    this.random = requireNonNull(random, "random is null");
    this.name = requireNonNull(name, "name is null");
    this.rootKey = requireNonNull(rootKey, "rootKey is null");
    this.root = requireNonNull(root, "root is null");
    this.intermediateKey = requireNonNull(intermediateKey, "intermediateKey is null");
    this.intermediate = requireNonNull(intermediate, "intermediate is null");
  }

  /// A new authority, valid ten years around now.
  ///
  /// @param rootChange what is different about its root
  /// @param intermediateChange what is different about its intermediate certificate
  static SigningAuthority create(
      SecureRandom random,
      String name,
      Instant now,
      Consumer<CertificateDraft> rootChange,
      Consumer<CertificateDraft> intermediateChange) {
    var from = now.minus(LIFE.dividedBy(2));
    var to = now.plus(LIFE.dividedBy(2));
    var rootKey = SeededKey.generate(SeededKey.Kind.P384, random);
    var rootDraft =
        new CertificateDraft(serial(random), rootKey.publicKey(), root(name), root(name), from, to)
            .constraints(new BasicConstraints(1))
            .usage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
    rootChange.accept(rootDraft);
    var key = SeededKey.generate(SeededKey.Kind.P384, random);
    var draft =
        new CertificateDraft(
                serial(random), key.publicKey(), root(name), intermediate(name), from, to)
            .constraints(new BasicConstraints(0))
            .usage(KeyUsage.keyCertSign | KeyUsage.cRLSign)
            .purposes(false, KeyPurposeId.id_kp_codeSigning);
    intermediateChange.accept(draft);
    return new SigningAuthority(
        random,
        name,
        rootKey,
        CertificateDraft.certificate(rootDraft.signedBy(rootKey)),
        key,
        CertificateDraft.certificate(draft.signedBy(rootKey)));
  }

  private static String root(String name) {
    return "O=%s,CN=root".formatted(name);
  }

  private static String intermediate(String name) {
    return "O=%s,CN=intermediate".formatted(name);
  }

  static BigInteger serial(SecureRandom random) {
    return new BigInteger(126, random).setBit(126);
  }

  public X509Certificate root() {
    return root;
  }

  public X509Certificate intermediate() {
    return intermediate;
  }

  public SeededKey rootKey() {
    return rootKey;
  }

  public SeededKey intermediateKey() {
    return intermediateKey;
  }

  /// As trust roots have it: the anchor last.
  public List<X509Certificate> chain() {
    return List.of(intermediate, root);
  }

  /// An authority below the intermediate one, which is not allowed to have any.
  public X509Certificate subordinate(SeededKey key, Instant now) {
    var draft =
        new CertificateDraft(
                serial(random),
                key.publicKey(),
                intermediate(name),
                "O=%s,CN=subordinate".formatted(name),
                now.minus(LEAF_LIFE),
                now.plus(LEAF_LIFE))
            .constraints(new BasicConstraints(0))
            .usage(KeyUsage.keyCertSign);
    return CertificateDraft.certificate(draft.signedBy(intermediateKey));
  }

  /// A certificate as Fulcio issues it, still without names and claims.
  CertificateDraft leaf(PublicKey key, Instant now) {
    return new CertificateDraft(
            serial(random), key, intermediate(name), "", now, now.plus(LEAF_LIFE))
        .usage(KeyUsage.digitalSignature)
        .purposes(false, KeyPurposeId.id_kp_codeSigning);
  }
}
