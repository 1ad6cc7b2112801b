package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static dev.referee.verify.pki.CertificateShape.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.verify.cbor.CborWriter;
import dev.referee.verify.notation.EnvelopeShape.Format;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.signature.UnprovenException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Envelopes in CBOR, taken apart.
class CoseEnvelopeTest {
  private final Notary notary = new Notary();

  private void refuses(Object document, String words) {
    notary.refuses(Format.COSE, CborWriter.write(document), MALFORMED_EVIDENCE, words);
  }

  private List<Object> parts() {
    return notary.envelope(Format.COSE).coseParts();
  }

  private List<Object> with(int index, Object value) {
    var parts = parts();
    parts.set(index, value);
    return parts;
  }

  private static Object sign1(Object content) {
    return new CborWriter.Tag(18, content);
  }

  /// N78: COSE_Sign1 has its tag and four parts.
  @Test
  void n78RefusesWhatIsNoTaggedSign1() throws UnprovenException {
    notary.verify(Format.COSE, CborWriter.write(sign1(parts())));
    refuses(parts(), "no COSE_Sign1");
    refuses(new CborWriter.Tag(98, parts()), "no COSE_Sign1");
    refuses(new CborWriter.Tag(61, sign1(parts())), "no COSE_Sign1");
    refuses(sign1(parts().subList(0, 3)), "no COSE_Sign1");
    refuses(sign1(Map.of()), "no COSE_Sign1");
    refuses("text", "no COSE_Sign1");
  }

  /// N78: empty protected headers, in either spelling, protect nothing.
  @Test
  void n78RefusesEmptyProtectedHeaders() {
    refuses(sign1(with(0, new byte[0])), "malformed");
    refuses(sign1(with(0, new byte[] {(byte) 0xa0})), "no algorithm");
    refuses(sign1(with(0, Map.of())), "no bytes for its protected headers");
    refuses(sign1(with(0, CborWriter.write(List.of()))), "no map");
    refuses(sign1(with(1, List.of())), "no map");
    refuses(sign1(with(3, "text")), "no bytes for its signature");
  }

  /// N78: bytes after the envelope, and after its headers.
  @Test
  void n78RefusesTrailingBytes() {
    var envelope = notary.envelope(Format.COSE).bytes();
    notary.refuses(
        Format.COSE,
        Arrays.copyOf(envelope, envelope.length + 1),
        MALFORMED_EVIDENCE,
        "bytes follow");
    var header = (byte[]) parts().getFirst();
    refuses(sign1(with(0, Arrays.copyOf(header, header.length + 1))), "bytes follow");
  }

  /// N78: the text "1" is no algorithm.
  @Test
  void n78RefusesTextsForNumbers() {
    var header =
        CborWriter.write(
            Map.of("1", -7, 2, List.of(Headers.SIGNING_SCHEME), 3, Headers.PAYLOAD_TYPE));
    refuses(sign1(with(0, header)), "no algorithm");
  }

  /// N78: times have their tag, and whole seconds.
  @Test
  void n78RefusesTimesWithoutTag() {
    for (var time :
        List.<Object>of(
            NOW.getEpochSecond(),
            new CborWriter.Tag(0, "2026-11-27T12:00:00Z"),
            new CborWriter.Tag(1, "2026-11-27T12:00:00Z"),
            new CborWriter.Tag(1, -1),
            new CborWriter.Tag(1, Long.MAX_VALUE))) {
      notary.refuses(
          Format.COSE,
          notary.envelope(Format.COSE).header(Headers.SIGNING_TIME, time),
          MALFORMED_EVIDENCE,
          "no time by its tag");
    }
  }

  /// N79: what is signed has to be there.
  @Test
  void n79RefusesADetachedPayload() {
    var parts = parts();
    parts.set(2, null);
    refuses(sign1(parts), "no bytes for its payload");
  }

  /// Numbers that say how, or what, that are not known: a hash envelope (258), a key id (4).
  @Test
  void refusesOtherNumberedHeaders() {
    for (int number : new int[] {4, 5, 6, 258, -70000}) {
      notary.refuses(
          Format.COSE,
          notary.envelope(Format.COSE).header(number, new byte[] {1}),
          UNSUPPORTED_EVIDENCE,
          "signed header that is not read");
    }
  }

  /// The chain may be signed, it may be one certificate, and it may not be in two places.
  @Test
  void readsAChainInEitherPlace() throws UnprovenException {
    var chain = notary.signer.chain().stream().map(EnvelopeShape::der).toList();
    notary.verify(Format.COSE, notary.envelope(Format.COSE).chain().header(33, chain));
    notary.refuses(
        Format.COSE,
        notary.envelope(Format.COSE).header(33, chain),
        MALFORMED_EVIDENCE,
        "two certificate chains");
    notary.refuses(
        Format.COSE,
        notary.envelope(Format.COSE).chain(),
        MALFORMED_EVIDENCE,
        "no certificate chain");
    notary.refuses(
        Format.COSE,
        notary.envelope(Format.COSE).chain().unsigned(33, "text"),
        MALFORMED_EVIDENCE,
        "no certificate chain");
    notary.refuses(
        Format.COSE,
        notary.envelope(Format.COSE).chain().unsigned(33, List.of("text")),
        MALFORMED_EVIDENCE,
        "no bytes for its certificate chain");

    var own = CertificateShape.signer(Notary.SUBJECT).selfSigned();
    notary.authorities = List.of(own.certificate());
    var single = new EnvelopeShape(Format.COSE, own).chain().unsigned(33, own.der());
    assertThat(notary.verify(Format.COSE, single).signer()).isEqualTo(own.certificate());
  }

  @Test
  void refusesAnAgentThatIsNoText() {
    notary.refuses(
        Format.COSE,
        notary.envelope(Format.COSE).unsigned(Headers.SIGNING_AGENT, 7),
        MALFORMED_EVIDENCE,
        "no text for its");
    notary.refuses(
        Format.COSE,
        notary.envelope(Format.COSE).unsigned(Headers.TIMESTAMP_SIGNATURE, "text"),
        MALFORMED_EVIDENCE,
        "no bytes for its");
  }

  /// Heads of every length: what is signed is written as every client writes it.
  @Test
  void writesWhatIsSignedInShortestForm() {
    for (int length : new int[] {0, 23, 24, 255, 256, 65_535, 65_536, 100_000}) {
      var payload = new byte[length];
      assertThat(CoseEnvelope.toBeSigned(new byte[] {1}, payload))
          .isEqualTo(CborWriter.write(List.of("Signature1", new byte[] {1}, new byte[0], payload)));
    }
  }
}
