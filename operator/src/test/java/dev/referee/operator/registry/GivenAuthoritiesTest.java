package dev.referee.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.api.v1alpha1.ClientAuthority;
import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.api.v1alpha1.OciRegistrySpec.PersistentVolume;
import dev.referee.api.v1alpha1.OciRegistrySpec.Storage;
import dev.referee.api.v1alpha1.OciRegistrySpec.Tls;
import dev.referee.api.v1alpha1.RegistryEvents;
import dev.referee.testing.tls.CertificateAuthority;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenAuthoritiesTest {
  private static final CertificateAuthority AUTHORITY = CertificateAuthority.create("CN=ours");

  @Test
  void takesAuthoritiesAndWhoBringsNone() {
    var bundle =
        AUTHORITY.certificatePem() + CertificateAuthority.create("CN=next").certificatePem();

    assertThatCode(() -> GivenAuthorities.check(spec(null, null))).doesNotThrowAnyException();
    assertThatCode(() -> GivenAuthorities.check(spec(bundle, bundle))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN CERTIFICATE-----\nMIIBdDCCARmgAwIBAgIU\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "no certificate"
      })
  void refusesWhatIsNone(String bundle) {
    refuses(spec(bundle, null), "spec.events.caBundle cannot be used: ");
    refuses(spec(null, bundle), "spec.tls.clients.caBundle cannot be used: ");
  }

  @Test
  void refusesAllWhereOneIsBroken() {
    var broken = AUTHORITY.certificatePem().replace("\nM", "\n");
    refuses(spec(AUTHORITY.certificatePem() + broken, null), "spec.events.caBundle");
  }

  /// The registry would not start with it; for a sink it is as good as any.
  @Test
  void refusesAClientAsTheAuthorityOfClients() {
    var client = AUTHORITY.client("CN=client").certificatePem();

    refuses(spec(null, client), "the certificate of CN=client is no authority's");
    refuses(spec(null, AUTHORITY.certificatePem() + client), "CN=client");
    assertThatCode(() -> GivenAuthorities.check(spec(client, null))).doesNotThrowAnyException();
  }

  private static void refuses(OciRegistrySpec spec, String because) {
    assertThatThrownBy(() -> GivenAuthorities.check(spec))
        .isInstanceOfSatisfying(
            UnsatisfiedException.class,
            e -> assertThat(e.reason()).isEqualTo(RegistryReason.CERTIFICATE_INVALID.toString()))
        .hasMessageContaining(because);
  }

  private static OciRegistrySpec spec(@Nullable String sinks, @Nullable String clients) {
    return new OciRegistrySpec(
        null,
        new Storage(new PersistentVolume("1Gi", null), null),
        null,
        new Tls(null, clients == null ? null : new ClientAuthority(clients)),
        null,
        null,
        null,
        new RegistryEvents("https://sink.test", null, sinks),
        null,
        null);
  }
}
