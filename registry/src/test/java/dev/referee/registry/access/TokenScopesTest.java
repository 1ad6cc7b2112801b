package dev.referee.registry.access;

import static dev.referee.registry.access.Action.DELETE;
import static dev.referee.registry.access.Action.PIN;
import static dev.referee.registry.access.Action.PULL;
import static dev.referee.registry.access.Action.PUSH;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.oci.json.JsonFields;
import dev.referee.registry.content.RepositoryName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenScopesTest {
  @Test
  void readsWhatClientsAskFor() {
    var scopes =
        TokenScopes.parse(
            List.of(
                "repository:shop/cart:pull,push",
                "repository:shop/cart:pin,other",
                "repository:base:*",
                "registry:catalog:*"));

    assertThat(scopes.repositories())
        .containsExactly(
            Map.entry("shop/cart", Set.of(PULL, PUSH, PIN)),
            Map.entry("base", Set.of(PULL, PUSH, DELETE, PIN)));
    assertThat(scopes.catalog()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "repository",
        "repository:pull",
        "repository::pull",
        "repository:UPPER:pull",
        "repository:a/../b:pull",
        "repository:**:pull",
        "repository:a:",
        "repository:a:Pull",
        "repository:a:pull push",
        "repository:localhost:5000/a:pull",
        "repository(plugin):a:pull",
        "registry:catalog:pull",
        "registry:other:*",
        "catalog:registry:*"
      })
  void leavesOutWhatItCannotRead(String scope) {
    var scopes = TokenScopes.parse(List.of(scope, "repository:b:pull"));

    assertThat(scopes).isEqualTo(new TokenScopes(Map.of("b", Set.of(PULL)), false));
  }

  @Test
  void keepsWhatWasGrantedAlone() {
    var caller =
        Caller.user(
            "ci", List.of(new Grant(List.of(RepositoryPattern.parse("shop/*")), Set.of(PULL))));

    var granted =
        TokenScopes.parse(List.of("repository:shop/a:pull,push", "repository:other:pull"))
            .grantedTo(caller);

    assertThat(granted).isEqualTo(new TokenScopes(Map.of("shop/a", Set.of(PULL)), false));
  }

  @Test
  void comesBackFromATokenAsItWentIn() {
    var scopes =
        TokenScopes.parse(
            List.of("repository:a/b:pull,push", "repository:c:delete", "registry:catalog:*"));
    var claims = new ObjectMapper().createObjectNode();
    scopes.write(claims.putArray("access"));
    claims.withArray("access").addObject().put("type", "other").put("name", "a/b");

    assertThat(claims.path("access").get(0).toString())
        .isEqualTo("{\"type\":\"repository\",\"name\":\"a/b\",\"actions\":[\"pull\",\"push\"]}");
    assertThat(TokenScopes.read(JsonFields.of(claims).objects("access"))).isEqualTo(scopes);
  }

  @Test
  void narrowsACallerAndNeverWidensIt() {
    var granted = new Grant(List.of(RepositoryPattern.parse("shop/*")), Set.of(PULL, PUSH));
    var caller = Caller.user("ci", List.of(granted));
    var cart = new RepositoryName("shop/cart");
    var other = new RepositoryName("other");
    var narrow =
        caller.within(
            TokenScopes.parse(List.of("repository:shop/cart:pull", "repository:other:*")));

    assertThat(narrow.may(PULL, cart)).isTrue();
    assertThat(narrow.may(PUSH, cart)).isFalse();
    assertThat(narrow.isGranted(PUSH, cart)).isTrue();
    assertThat(narrow.may(PULL, other)).isFalse();
    assertThat(narrow.mayList(cart)).isTrue();
    assertThat(narrow.mayList(new RepositoryName("shop/b"))).isFalse();
    var listing = caller.within(TokenScopes.parse(List.of("registry:catalog:*")));
    assertThat(listing.mayList(new RepositoryName("shop/b"))).isTrue();
    assertThat(listing.mayList(other)).isFalse();
    assertThat(listing.may(PULL, cart)).isFalse();
    assertThat(caller.mayList(cart)).isTrue();
  }
}
