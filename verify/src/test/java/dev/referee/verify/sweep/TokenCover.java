package dev.referee.verify.sweep;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.util.Selector;

/// Which bytes of a timestamp's token (RFC 3161, in CMS) somebody vouches for.
///
/// @param signed the time with what it is of, the signed attributes and the signature
/// @param certificate the certificate of whoever signed, where the token brings it along
public record TokenCover(BitSet signed, BitSet certificate) {
  /// Finds them in a token, or in a response that a token stands in.
  public static TokenCover of(byte[] whole, byte[] token) {
    try {
      var data = new CMSSignedData(token);
      var signer = data.getSignerInfos().getSigners().iterator().next();
      var attributes = signer.getEncodedSignedAttributes();
      var signed = new BitSet();
      for (var part :
          List.of(
              (byte[]) data.getSignedContent().getContent(),
              // Their tag is another where they stand.
              Arrays.copyOfRange(attributes, 1, attributes.length),
              signer.getSignature())) {
        mark(signed, whole, part);
      }
      var certificate = new BitSet();
      @SuppressWarnings("unchecked") // What identifies a signer selects certificates.
      Selector<X509CertificateHolder> identifier = signer.getSID();
      for (var holder : data.getCertificates().getMatches(identifier)) {
        mark(certificate, whole, holder.getEncoded());
      }
      return new TokenCover(signed, certificate);
    } catch (CMSException | IOException e) {
      throw new AssertionError("a token that verifies is one", e);
    }
  }

  private static void mark(BitSet marked, byte[] whole, byte[] part) {
    int from = new String(whole, ISO_8859_1).indexOf(new String(part, ISO_8859_1));
    if (from < 0) {
      throw new AssertionError("what is signed stands in the token");
    }
    marked.set(from, from + part.length);
  }

  /// What a byte is.
  String of(int at) {
    if (signed.get(at)) {
      return "what is signed";
    }
    return certificate.get(at) ? "the signer's certificate" : "what nobody signs";
  }

  /// The places of a token.
  public Places places() {
    return this::of;
  }
}
