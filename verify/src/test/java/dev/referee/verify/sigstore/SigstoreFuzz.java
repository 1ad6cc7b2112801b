package dev.referee.verify.sigstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.referee.oci.Digest;
import dev.referee.testing.SigningKey;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.Certificates;
import dev.referee.verify.trust.TrustRoot;
import dev.referee.verify.trust.TrustRootReader;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import dev.referee.verify.trust.UnusableTrustRootException;
import java.util.List;

/// Whatever bytes stand in a bundle or in a trust root: for each parser a reasoned refusal, and
/// never a proof, since no fuzzer has a key.
class SigstoreFuzz {
  private static final int MAX_BYTES = 1 << 20;
  private static final byte[] ANY = {1};
  private static final TrustRoot NOBODY =
      new TrustRoot(Digest.of(new byte[0]), List.of(), List.of(), List.of(), List.of());
  private static final TrustRoot SOMEBODY = somebody();
  private static final TrustedKey KEY = key();

  /// N80: nothing but a refusal with a reason comes out of any bundle.
  @FuzzTest(maxDuration = "2m")
  void bundle(byte[] content) {
    expectRefusal(
        () -> {
          BundleVerifier.verifyByKeyAlone(
              BundleReader.read(content, MAX_BYTES), new Artifact.Content(content), KEY);
          throw new AssertionError("bytes that nobody signed were proven");
        });
  }

  @FuzzTest(maxDuration = "2m")
  void checkpoint(byte[] note) {
    expectRefusal(() -> Checkpoint.parse(new String(note, UTF_8)));
  }

  @FuzzTest(maxDuration = "2m")
  void entryBody(byte[] body) {
    var contents =
        List.<Signed.SignedContent>of(
            new Signed.SignedContent.Message(new Artifact.Content(new byte[] {1})),
            new Signed.SignedContent.Envelope(ANY, "type", ANY));
    for (var kind :
        List.of("hashedrekord 0.0.1", "hashedrekord 0.0.2", "dsse 0.0.1", "intoto 0.0.2")) {
      var parts = kind.split(" ", 2);
      var entry = new LogEntry(0, new byte[32], parts[0], parts[1], 0, ANY, null, body);
      for (var content : contents) {
        var signed = new Signed(ANY, ANY, KEY.encoded(), content);
        expectRefusal(() -> EntryBody.checkAbout(entry, signed));
      }
    }
  }

  @FuzzTest(maxDuration = "2m")
  void loggedPem(byte[] pem) {
    expectRefusal(() -> LoggedPem.read(pem));
  }

  /// Of an authority that is known: as far as its signature is looked at.
  @FuzzTest(maxDuration = "2m")
  void timestampOfAKnownAuthority(byte[] response) {
    expectRefusal(
        () -> {
          if (!new TimestampVerifier(SOMEBODY)
              .verify(List.of(response), List.of(response))
              .isEmpty()) {
            throw new AssertionError("a timestamp that nobody made was proven");
          }
        });
  }

  @FuzzTest(maxDuration = "2m")
  void certificateTimestamps(byte[] list) {
    expectRefusal(() -> SignedCertificateTimestamp.list(list));
  }

  @FuzzTest(maxDuration = "2m")
  void timestamp(byte[] response) {
    expectRefusal(
        () -> new TimestampVerifier(NOBODY).verify(List.of(response), List.of(new byte[] {1})));
  }

  @FuzzTest(maxDuration = "2m")
  void certificate(byte[] der) {
    var certificate = Certificates.read(der);
    if (certificate.isPresent()) {
      expectRefusal(() -> FulcioCertificate.claims(certificate.get()));
      expectRefusal(() -> SignedCertificateTimestamp.of(certificate.get()));
      expectRefusal(() -> PrecertificateContent.of(certificate.get()));
    }
  }

  @FuzzTest(maxDuration = "2m")
  void trustRoot(byte[] content) {
    try {
      TrustRootReader.read(content);
    } catch (UnusableTrustRootException e) {
      requireNonNull(e.getMessage(), "a refusal has a sentence");
    }
  }

  private interface Reading {
    void read() throws UnprovenException;
  }

  private static void expectRefusal(Reading reading) {
    try {
      reading.read();
    } catch (UnprovenException e) {
      requireNonNull(e.reason(), "a refusal has a reason");
    }
  }

  private static TrustRoot somebody() {
    try {
      return TrustRootReader.read(Virtual.sigstore().trustRoot()).getFirst();
    } catch (UnusableTrustRootException e) {
      throw new IllegalStateException("a trust root of ours is usable", e);
    }
  }

  private static TrustedKey key() {
    try {
      return TrustedKey.parse(SigningKey.p256().publicKeyPem(), null);
    } catch (UnusableKeyException e) {
      throw new IllegalStateException("a key of ours is usable", e);
    }
  }
}
