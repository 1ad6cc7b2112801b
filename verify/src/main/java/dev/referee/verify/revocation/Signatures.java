package dev.referee.verify.revocation;

import dev.referee.verify.trust.Providers;
import java.security.cert.X509Certificate;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/// How signatures of authorities are checked.
final class Signatures {
  private Signatures() {}

  static ContentVerifierProvider by(X509Certificate signer) throws OperatorCreationException {
    return new JcaContentVerifierProviderBuilder()
        .setProvider(Providers.BOUNCY_CASTLE)
        .build(signer.getPublicKey());
  }
}
