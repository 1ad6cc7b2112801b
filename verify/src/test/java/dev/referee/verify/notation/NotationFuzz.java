package dev.referee.verify.notation;

import static java.util.Objects.requireNonNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.referee.verify.cbor.CborReader;
import dev.referee.verify.cbor.MalformedCborException;
import dev.referee.verify.notation.EnvelopeShape.Format;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.pki.Issued;
import dev.referee.verify.pki.MemoryRevocation;
import dev.referee.verify.revocation.RevocationCheck;
import dev.referee.verify.signature.UnprovenException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Whatever bytes stand in an envelope, in a list of revoked certificates, in a responder's answer
/// or in a name: for each parser a reasoned refusal, and never a proof, since no fuzzer has a key.
class NotationFuzz {
  private static final int MAX_BYTES = 1 << 20;
  private static final String PLACE = "http://lists.example/";
  private static final Notary NOTARY = new Notary();
  private static final Issued LISTED =
      CertificateShape.signer(Notary.SUBJECT).list(PLACE).issuedBy(NOTARY.root);
  private static final Issued ASKED =
      CertificateShape.signer(Notary.SUBJECT).responderAt(PLACE).issuedBy(NOTARY.root);

  @FuzzTest(maxDuration = "2m")
  void cbor(byte[] content) {
    try {
      CborReader.read(content, MAX_BYTES);
    } catch (MalformedCborException e) {
      requireNonNull(e.getMessage(), "a refusal has a sentence");
    }
  }

  /// N80: nothing but a refusal with a reason comes out of any envelope.
  @FuzzTest(maxDuration = "2m")
  void jws(byte[] content) {
    expectRefusal(() -> NOTARY.verify(Format.JWS, content));
  }

  @FuzzTest(maxDuration = "2m")
  void cose(byte[] content) {
    expectRefusal(() -> NOTARY.verify(Format.COSE, content));
  }

  @FuzzTest(maxDuration = "2m")
  void payload(byte[] content) {
    try {
      TargetArtifact.parse(content).checkIs(EnvelopeShape.ARTIFACT);
    } catch (UnprovenException e) {
      requireNonNull(e.reason(), "a refusal has a reason");
    }
  }

  @FuzzTest(maxDuration = "2m")
  void countersignature(byte[] token) {
    expectRefusal(
        () ->
            Countersignature.verify(
                token, new byte[] {1}, List.of(NOTARY.timestampRoot.certificate())));
  }

  @FuzzTest(maxDuration = "2m")
  void list(byte[] content) {
    expectRefusal(() -> check(LISTED, content));
  }

  @FuzzTest(maxDuration = "2m")
  void answer(byte[] content) {
    expectRefusal(() -> check(ASKED, content));
  }

  private static void check(Issued issued, byte[] content) throws UnprovenException {
    var source = new MemoryRevocation().put(PLACE, content);
    new RevocationCheck(source, CertificateShape.NOW).check(issued.chain(), null);
  }

  @FuzzTest(maxDuration = "2m")
  void identity(byte[] content) {
    try {
      TrustedIdentities.of(List.of("x509.subject:" + new String(content, StandardCharsets.UTF_8)));
    } catch (UnusableNotationTrustException e) {
      requireNonNull(e.getMessage(), "a refusal has a sentence");
    }
  }

  private interface Reading {
    void read() throws UnprovenException;
  }

  private static void expectRefusal(Reading reading) {
    try {
      reading.read();
      throw new AssertionError("bytes that nobody signed were proven");
    } catch (UnprovenException e) {
      requireNonNull(e.reason(), "a refusal has a reason");
    }
  }
}
