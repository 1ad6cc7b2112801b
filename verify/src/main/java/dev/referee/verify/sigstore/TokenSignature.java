package dev.referee.verify.sigstore;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.trust.Issuers;
import dev.referee.verify.trust.Providers;
import dev.referee.verify.trust.TrustedKey;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.DefaultCMSSignatureAlgorithmNameGenerator;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/// How a timestamp's signature is checked: a key of the trust root's own is kept ready, anybody
/// else's is for the provider.
final class TokenSignature implements ContentVerifierProvider {
  private final X509Certificate signer;
  private final Issuers issuers;
  private final X509CertificateHolder holder;

  private TokenSignature(X509Certificate signer, Issuers issuers)
      throws CertificateEncodingException {
    this.signer = requireNonNull(signer, "signer is null");
    this.issuers = requireNonNull(issuers, "issuers is null");
    this.holder = new JcaX509CertificateHolder(signer);
  }

  /// Checks signatures by the holder of a certificate.
  static SignerInformationVerifier by(X509Certificate signer, Issuers issuers)
      throws CertificateEncodingException, OperatorCreationException {
    return new SignerInformationVerifier(
        new DefaultCMSSignatureAlgorithmNameGenerator(),
        new DefaultSignatureAlgorithmIdentifierFinder(),
        new TokenSignature(signer, issuers),
        new JcaDigestCalculatorProviderBuilder().setProvider(Providers.BOUNCY_CASTLE).build());
  }

  @Override
  public boolean hasAssociatedCertificate() {
    return true;
  }

  @Override
  public X509CertificateHolder getAssociatedCertificate() {
    return holder;
  }

  @Override
  public ContentVerifier get(AlgorithmIdentifier algorithm) throws OperatorCreationException {
    var known = issuers.key(signer, algorithm.getAlgorithm().getId());
    return known.isPresent()
        ? new ByKey(algorithm, known.get())
        : new JcaContentVerifierProviderBuilder()
            .setProvider(Providers.BOUNCY_CASTLE)
            .build(signer.getPublicKey())
            .get(algorithm);
  }

  /// One signature by a key that is kept ready.
  private static final class ByKey implements ContentVerifier {
    private final AlgorithmIdentifier algorithm;
    private final TrustedKey key;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    ByKey(AlgorithmIdentifier algorithm, TrustedKey key) {
      this.algorithm = requireNonNull(algorithm, "algorithm is null");
      this.key = requireNonNull(key, "key is null");
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return algorithm;
    }

    @Override
    public OutputStream getOutputStream() {
      return content;
    }

    @Override
    public boolean verify(byte[] signature) {
      return key.verifies(content.toByteArray(), signature);
    }
  }
}
