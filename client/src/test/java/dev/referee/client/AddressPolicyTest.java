package dev.referee.client;

import static dev.referee.oci.SourceReason.ADDRESS_REFUSED;
import static dev.referee.oci.SourceReason.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.SourceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
  /// N86: metadata services of clouds, in every spelling that a resolver takes.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.170.2",
        "fe80::1",
        "fd00:ec2::254",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "::ffff:169.254.169.254"
      })
  void n86RefusesAddressesThatAreNeverRegistries(String host) {
    assertThatThrownBy(() -> AddressPolicy.resolve(host))
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.reason()).isEqualTo(ADDRESS_REFUSED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "10.1.2.3", "192.168.0.1", "8.8.8.8", "::1", "fd12::1"})
  void allowsAddressesThatMayBe(String host) throws SourceException {
    assertThat(AddressPolicy.resolve(host)).hasSize(1);
  }

  @Test
  void saysThatAHostIsUnknown() {
    assertThatThrownBy(() -> AddressPolicy.resolve("no-such-host.invalid"))
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.reason()).isEqualTo(UNREACHABLE));
  }

  @Test
  void knowsLoopback() {
    assertThat(AddressPolicy.isLoopback("localhost")).isTrue();
    assertThat(AddressPolicy.isLoopback("127.1.2.3")).isTrue();
    assertThat(AddressPolicy.isLoopback("::1")).isTrue();
    assertThat(AddressPolicy.isLoopback("10.0.0.1")).isFalse();
    assertThat(AddressPolicy.isLoopback("localhost.example.com")).isFalse();
    assertThat(AddressPolicy.isLoopback("registry.example.com")).isFalse();
  }
}
