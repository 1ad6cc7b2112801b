package dev.referee.e2e.registries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;

/// The certificate of the registry `images`.
final class RegistryCertificate {
  private RegistryCertificate() {}

  /// The certificate names the Service's address, under which nodes reach it.
  static void assertServes(RegistryUser user, JsonNode status) throws GeneralSecurityException {
    var secret = user.client().secrets().inNamespace(user.namespace()).withName("images-tls").get();
    var address =
        user.client()
            .services()
            .inNamespace(user.namespace())
            .withName("images")
            .get()
            .getSpec()
            .getClusterIP();
    var pem = new String(Base64.getDecoder().decode(secret.getData().get("tls.crt")), UTF_8);
    var certificate = certificate(pem);
    certificate.verify(certificate(status.path("caBundle").asText()).getPublicKey());
    assertThat(
            certificate.getSubjectAlternativeNames().stream()
                .map(name -> String.valueOf(name.get(1))))
        .contains("images.%s.svc.cluster.local".formatted(user.namespace()), address);
  }

  private static X509Certificate certificate(String pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(UTF_8)));
  }
}
