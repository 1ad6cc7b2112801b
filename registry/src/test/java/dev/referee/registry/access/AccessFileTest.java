package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.registry.content.RepositoryName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessFileTest {
  private static final RepositoryName CART = new RepositoryName("shop/cart");

  @Test
  void grantsWhatItSays() throws Exception {
    var rules =
        parse(
            """
            {"anonymous": [{"repositories": ["public/**"]}],
             "users": [
               {"name": "ci", "repositories": ["shop/**"], "actions": ["Pull", "Push"]},
               {"name": "ci", "repositories": ["lab"], "actions": ["Delete"]}],
             "serviceAccounts": {
               "issuer": "https://kubernetes", "audiences": ["registry"], "jwks": "/keys.json",
               "grants": [
                 {"namespace": "shop", "name": "builder", "repositories": ["shop/*"],
                  "actions": ["Push"]},
                 {"namespace": "shop", "name": "*", "repositories": ["shop/*"]}]}}
            """);

    var anonymous = Caller.anonymous(rules.anonymous());
    assertThat(anonymous.may(Action.PULL, new RepositoryName("public/a"))).isTrue();
    assertThat(anonymous.may(Action.PUSH, new RepositoryName("public/a"))).isFalse();
    assertThat(anonymous.may(Action.PULL, CART)).isFalse();
    var ci = Caller.user("ci", rules.ofUser("ci"));
    assertThat(ci.may(Action.PULL, CART)).isTrue();
    assertThat(ci.may(Action.PUSH, CART)).isTrue();
    assertThat(ci.may(Action.DELETE, CART)).isFalse();
    assertThat(ci.may(Action.DELETE, new RepositoryName("lab"))).isTrue();
    assertThat(rules.ofUser("unlisted")).isEmpty();
    var accounts = java.util.Objects.requireNonNull(rules.serviceAccounts());
    var builder = accounts.caller(new ServiceAccount("shop", "builder"));
    assertThat(builder.may(Action.PUSH, CART)).isTrue();
    assertThat(builder.may(Action.PULL, CART)).isTrue();
    var other = accounts.caller(new ServiceAccount("shop", "other"));
    assertThat(other.may(Action.PUSH, CART)).isFalse();
    assertThat(other.may(Action.PULL, CART)).isTrue();
    assertThat(accounts.caller(new ServiceAccount("lab", "builder")).grants()).isEmpty();
  }

  @Test
  void grantsUsersEverythingUnlessTheyAreListed() throws Exception {
    assertThat(parse("{}").ofUser("ci")).containsExactly(Grant.ALL);
    assertThat(parse("{\"users\": []}").ofUser("ci")).isEqualTo(List.of());
    assertThat(parse("{}").anonymous()).isEmpty();
  }

  /// A word that is not known may have been meant as a restriction.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [] | not an object
          {"anonymos": []} | anonymos
          {"users": [{"name": "a", "repositorys": ["a"]}]} | repositorys
          {"users": [{"repositories": ["a"]}]} | name
          {"users": [{"name": "a", "repositories": []}]} | repositories
          {"users": [{"name": "a", "repositories": ["a"], "actions": []}]} | actions
          {"users": [{"name": "a", "repositories": ["a"], "actions": ["pull"]}]} | pull
          {"users": [{"name": "a", "repositories": ["A"]}]} | A
          {"users": [{"name": "a", "repositories": [1]}]} | repositories
          {"users": [], "users": []} | Duplicate
          {"certificates": [{"repositories": ["a"]}]} | commonName
          {"certificates": [{"cn": "a", "repositories": ["a"]}]} | cn
          {"certificates": [{"dns": "a"}]} | repositories
          {"serviceAccounts": {"issuer": "i", "jwks": "/k"}} | audiences
          {"serviceAccounts": {"issuer": "i", "audiences": ["a"], "jwks": "http://h/k"}} | https
          {"serviceAccounts": {"audiences": ["a"], "jwks": "/k"}} | issuer
          {"serviceAccounts": {"issuer": "i", "audiences": ["a"], "jwks": "/k", "grants": [{"namespace": "*", "name": "b", "repositories": ["a"]}]}} | namespace
          """)
  void refusesWhatItDoesNotUnderstand(String content, String named) {
    assertThatThrownBy(() -> parse(content))
        .isInstanceOf(AccessFileException.class)
        .hasMessageContaining(named);
  }

  private static AccessRules parse(String content) throws AccessFileException {
    return AccessFile.parse(content.getBytes(UTF_8));
  }
}
