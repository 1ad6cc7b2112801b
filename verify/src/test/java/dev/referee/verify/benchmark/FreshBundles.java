package dev.referee.verify.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.referee.testing.sigstore.SeededKey;
import dev.referee.testing.sigstore.Signing;
import dev.referee.testing.sigstore.VirtualSigstore;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sigstore.Artifact;
import dev.referee.verify.sigstore.BundleReader;
import dev.referee.verify.sigstore.BundleVerifier;
import dev.referee.verify.sigstore.VerifiedBundle;
import dev.referee.verify.trust.CertificateClaim;
import dev.referee.verify.trust.CertificateIdentity;
import dev.referee.verify.trust.ProofProfile;
import dev.referee.verify.trust.TrustRootReader;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import dev.referee.verify.trust.UnusableTrustRootException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Bundles of which no two have a key, a certificate or a log entry in common, so that nothing can
/// be remembered but what the trust root itself says; and the bare checks of the same signatures.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FreshBundles {
  /// More than any cache of a JVM's or a provider's keeps.
  private static final int COUNT = 512;

  private static final int MAX_BYTES = 1 << 20;
  private static final byte[] ARTIFACT = "app".getBytes(US_ASCII);
  private static final List<CertificateIdentity> WORKFLOW =
      List.of(
          CertificateIdentity.of(
              Map.of(
                  CertificateClaim.SUBJECT,
                  Signing.WORKFLOW,
                  CertificateClaim.ISSUER,
                  Signing.ISSUER),
              Map.of()));

  private final List<byte[]> rekor1 = new ArrayList<>();
  private final List<byte[]> rekor2 = new ArrayList<>();
  private final List<byte[]> byKey = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private final List<BareCheck> freshP256 = new ArrayList<>();
  private BareCheck knownP256 = BareCheck.NONE;
  private BareCheck knownP384 = BareCheck.NONE;
  private BareCheck knownEd25519 = BareCheck.NONE;
  private BundleVerifier verifier = nobody();
  private int next;

  /// Signs everything.
  @Setup
  public void sign() {
    var clock = Clock.fixed(Instant.parse("2026-11-27T12:00:00Z"), ZoneOffset.UTC);
    var sigstore = VirtualSigstore.create(1, clock);
    for (int i = 0; i < COUNT; i++) {
      rekor1.add(sigstore.message(ARTIFACT).sign());
      rekor2.add(
          sigstore.message(ARTIFACT).entry(sigstore.rekor2(), _ -> {}).timestamp(_ -> {}).sign());
      var key = sigstore.newKey(SeededKey.Kind.P256);
      keys.add(key.publicKeyPem());
      byKey.add(sigstore.message(ARTIFACT).key(key).withKeyAlone().withoutEntries().sign());
      freshP256.add(BareCheck.fresh(key));
    }
    knownP256 = BareCheck.known(sigstore.rekor1().key());
    knownP384 = BareCheck.known(sigstore.authority().intermediateKey());
    knownEd25519 = BareCheck.known(sigstore.rekor2().key());
    verifier = verifier(sigstore.trustRoot());
  }

  private static BundleVerifier verifier(byte[] root) {
    try {
      return new BundleVerifier(TrustRootReader.read(root).getFirst(), ProofProfile.STRICT);
    } catch (UnusableTrustRootException e) {
      throw new IllegalStateException("a trust root of ours is read", e);
    }
  }

  private static BundleVerifier nobody() {
    return verifier(
        "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\"}"
            .getBytes(US_ASCII));
  }

  private int next() {
    next = (next + 1) % COUNT;
    return next;
  }

  /// A message with a certificate, in Rekor v1.
  @Benchmark
  public VerifiedBundle bundleRekor1(CoreTime core) throws UnprovenException {
    core.count();
    return verifier.verify(
        BundleReader.read(rekor1.get(next()), MAX_BYTES), new Artifact.Content(ARTIFACT), WORKFLOW);
  }

  /// A message with a certificate, in Rekor v2, with a timestamp.
  @Benchmark
  public VerifiedBundle bundleRekor2(CoreTime core) throws UnprovenException {
    core.count();
    return verifier.verify(
        BundleReader.read(rekor2.get(next()), MAX_BYTES), new Artifact.Content(ARTIFACT), WORKFLOW);
  }

  /// A message by a key, which is read as well: nobody has seen it before.
  @Benchmark
  public VerifiedBundle bundleByKey(CoreTime core) throws UnprovenException, UnusableKeyException {
    core.count();
    int i = next();
    return BundleVerifier.verifyByKeyAlone(
        BundleReader.read(byKey.get(i), MAX_BYTES),
        new Artifact.Content(ARTIFACT),
        TrustedKey.parse(keys.get(i), null));
  }

  /// One signature by a key that nobody has seen before, the key's reading included.
  @Benchmark
  public boolean bareFreshP256(CoreTime core) throws UnusableKeyException {
    core.count();
    return freshP256.get(next()).run();
  }

  /// One signature by a key of the trust root.
  @Benchmark
  public boolean bareKnownP256(CoreTime core) throws UnusableKeyException {
    core.count();
    return knownP256.run();
  }

  /// The same on P-384, as authorities have it.
  @Benchmark
  public boolean bareKnownP384(CoreTime core) throws UnusableKeyException {
    core.count();
    return knownP384.run();
  }

  /// The same with Ed25519, as Rekor v2 has it.
  @Benchmark
  public boolean bareKnownEd25519(CoreTime core) throws UnusableKeyException {
    core.count();
    return knownEd25519.run();
  }
}
