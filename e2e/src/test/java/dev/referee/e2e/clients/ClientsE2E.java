package dev.referee.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.junit.WithClients;
import org.junit.jupiter.api.Test;

/// That the pins build and run. helm takes minutes to build and is left to the tests that need it.
@WithClients
class ClientsE2E {
  @Test
  void runsCrane(Clients clients) {
    assertThat(clients.crane().succeed("version").text()).isEqualTo(Client.CRANE.version());
  }

  @Test
  void runsOras(Clients clients) {
    assertThat(clients.oras().succeed("version").stdout())
        .containsPattern("Version: +" + Client.ORAS.version().substring(1) + "\n");
  }

  @Test
  void runsCosign(Clients clients) {
    assertThat(clients.cosign().succeed("version").stdout())
        .containsPattern("GitVersion: +" + Client.COSIGN.version() + "\n");
  }

  /// It calls itself unreleased unless its own build script says otherwise.
  @Test
  void runsNotation(Clients clients) {
    assertThat(clients.notation().succeed("version").stdout())
        .containsPattern("Version: +" + Client.NOTATION.version());
  }

  @Test
  void runsRegctl(Clients clients) {
    assertThat(clients.regctl().succeed("version").stdout())
        .containsPattern("VCSTag: +" + Client.REGCTL.version() + "\n");
  }

  @Test
  void keepsLoginsInAHomeOfTheClass(Clients clients) {
    clients
        .crane()
        .reading("secret")
        .succeed("auth", "login", "registry.test", "--username", "me", "--password-stdin");

    assertThat(clients.home().resolve(".docker/config.json")).content().contains("registry.test");
  }
}
