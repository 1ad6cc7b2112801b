package dev.referee.registry.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.testing.tls.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedAuthoritiesTest {
  @TempDir private Path folder;

  @Test
  void saysWhenItsFileHasChanged() throws Exception {
    var file = folder.resolve("ca.pem");
    var pem = CertificateAuthority.create("CN=one").certificatePem();
    Files.writeString(file, pem);
    var authorities = TrustedAuthorities.read(file);
    assertThat(authorities.changed()).isNull();
    Files.writeString(file, pem + CertificateAuthority.create("CN=two").certificatePem());
    assertThat(authorities.changed()).isNotNull();
  }

  @Test
  void refusesWhatNamesNobody() throws Exception {
    var file = Files.writeString(folder.resolve("ca.pem"), "");
    assertThatThrownBy(() -> TrustedAuthorities.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage("%s has no certificate", file);
    Files.writeString(file, "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
    assertThatThrownBy(() -> TrustedAuthorities.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("%s cannot be used", file);
  }

  @Test
  void refusesWhatNobodyWouldWrite() throws Exception {
    var file = folder.resolve("ca.pem");
    Files.write(file, new byte[TrustedAuthorities.MAX_BYTES + 1]);
    assertThatThrownBy(() -> TrustedAuthorities.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than");
  }
}
