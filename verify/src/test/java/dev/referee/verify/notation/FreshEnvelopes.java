package dev.referee.verify.notation;

import static dev.referee.verify.pki.CertificateShape.NOW;

import dev.referee.verify.benchmark.CoreTime;
import dev.referee.verify.notation.EnvelopeShape.Format;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.revocation.RevocationSource;
import dev.referee.verify.signature.UnprovenException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Envelopes of which no two have a signer in common, all with keys on P-256, below one
/// intermediate and one root, which alone is trusted.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FreshEnvelopes {
  private static final int COUNT = 512;

  private final Notary notary = new Notary();
  private final NotationTrust trust = notary.trust();
  private final List<byte[]> jws = new ArrayList<>();
  private final List<byte[]> cose = new ArrayList<>();
  private int next;

  /// Signs everything.
  @Setup
  public void sign() {
    for (int i = 0; i < COUNT; i++) {
      var signer = CertificateShape.signer(Notary.SUBJECT).issuedBy(notary.intermediate);
      jws.add(new EnvelopeShape(Format.JWS, signer).bytes());
      cose.add(new EnvelopeShape(Format.COSE, signer).bytes());
    }
  }

  private NotationSignature verify(List<byte[]> envelopes, Format format) throws UnprovenException {
    next = (next + 1) % COUNT;
    return NotationVerifier.verify(
        envelopes.get(next),
        format.type(),
        EnvelopeShape.ARTIFACT,
        trust,
        InstantSource.fixed(NOW),
        RevocationSource.NONE);
  }

  /// An envelope in JSON.
  @Benchmark
  public NotationSignature notationJws(CoreTime core) throws UnprovenException {
    core.count();
    return verify(jws, Format.JWS);
  }

  /// An envelope in CBOR.
  @Benchmark
  public NotationSignature notationCose(CoreTime core) throws UnprovenException {
    core.count();
    return verify(cose, Format.COSE);
  }
}
