package dev.referee.verify.revocation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_REVOKED;
import static dev.referee.verify.decision.Reason.REVOCATION_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.verify.pki.MemoryRevocation;
import dev.referee.verify.signature.UnprovenException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// N72: the chain and the lists with which notation tests itself, which this project did not write.
class ListVectorsTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final Instant END = Instant.parse("2124-10-18T05:30:51Z");

  private Path folder = Path.of("");

  @BeforeEach
  void findFolder() {
    folder = Path.of(System.getProperty("referee.shared", "."), "vectors", "notation", "crl");
    assumeTrue(Files.isDirectory(folder), "SKIPPED: the folder of shared vectors is not there");
  }

  private byte[] bytes(String file) {
    try {
      return Files.readAllBytes(folder.resolve(file));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<X509Certificate> chain() {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(bytes("certchain_with_crl.pem")))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private Instant check(String leafList, String intermediateList) throws UnprovenException {
    var source =
        new MemoryRevocation()
            .put("http://localhost:10086/leaf.crl", bytes(leafList))
            .put("http://localhost:10086/intermediate.crl", bytes(intermediateList));
    return new RevocationCheck(source, NOW).check(chain(), null);
  }

  private UnprovenException refusal(String leafList, String intermediateList) {
    return catchThrowableOfType(UnprovenException.class, () -> check(leafList, intermediateList));
  }

  @Test
  void n72BelievesItsLists() throws UnprovenException {
    // The intermediate's responder does not answer, its list does.
    assertThat(check("leaf.crl", "intermediate.crl")).isEqualTo(END);
  }

  @Test
  void n72RefusesWhatItsListsRefuse() {
    assertThat(refusal("leaf_revoked.crl", "intermediate.crl").reason())
        .isEqualTo(CERTIFICATE_REVOKED);
    assertThat(refusal("leaf.crl", "intermediate_revoked.crl").reason())
        .isEqualTo(CERTIFICATE_REVOKED);
    // Signed by another key than the chain's, and of the year 2023.
    assertThat(refusal("leaf_expired.crl", "intermediate.crl").reason())
        .isEqualTo(REVOCATION_UNKNOWN);
    // In each other's place.
    assertThat(refusal("intermediate.crl", "leaf.crl").reason()).isEqualTo(REVOCATION_UNKNOWN);
  }
}
