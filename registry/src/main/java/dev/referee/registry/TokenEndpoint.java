package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.registry.access.IssuedToken;
import dev.referee.registry.access.Presented;
import dev.referee.registry.access.TokenService;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.server.Exchange;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Gives tokens, by GET as distribution's "Token Authentication Specification" has it and by POST
/// as its "OAuth2 Token Authentication" does. What clients add beside (`account`, `client_id`,
/// `offline_token`, `access_type`) changes nothing.
final class TokenEndpoint {
  static final String PATH = "/token";

  private static final ObjectMapper JSON = new ObjectMapper();

  /// Between scopes. No scope has a plus sign, and in a query many clients mean a space by it.
  private static final Pattern BETWEEN = Pattern.compile("[ +]+");

  private final TokenService tokens;

  TokenEndpoint(TokenService tokens) {
    this.tokens = requireNonNull(tokens, "tokens is null");
  }

  void handle(Exchange exchange, Presented presented) throws IOException {
    switch (exchange.method()) {
      case "GET" -> {
        checkService(exchange.queryAll("service"));
        respond(exchange, tokens.issue(presented, scopes(exchange.queryAll("scope"))));
      }
      case "POST" -> post(exchange, presented);
      default -> throw Methods.refuse(exchange, "GET, POST");
    }
  }

  private void post(Exchange exchange, Presented presented) throws IOException {
    if (!presented.authorization().isEmpty()) {
      throw invalid("credentials are in the body, or in the header of a GET");
    }
    var form = FormBody.read(exchange);
    checkService(form.all("service"));
    var scopes = scopes(form.all("scope"));
    var grant = needed(form, "grant_type");
    switch (grant) {
      case "password" ->
          respond(
              exchange,
              tokens.issueByPassword(
                  needed(form, "username"), needed(form, "password"), presented, scopes));
      case "refresh_token" ->
          respond(
              exchange,
              tokens.issueByAccountToken(needed(form, "refresh_token"), presented, scopes));
      default -> unsupportedGrant(exchange);
    }
  }

  private void checkService(Collection<String> named) throws RegistryException {
    if (!named.stream().allMatch(tokens.service()::equals)) {
      throw invalid(
          "service is not \"%s\": no other's tokens are here".formatted(tokens.service()));
    }
  }

  private static List<String> scopes(Collection<String> values) {
    return values.stream()
        .flatMap(value -> Stream.of(BETWEEN.split(value, -1)))
        .filter(scope -> !scope.isEmpty())
        .toList();
  }

  private static String needed(FormBody form, String name) throws RegistryException {
    @Nullable String value = form.one(name);
    if (value == null || value.isEmpty()) {
      throw invalid(name + " is missing");
    }
    return value;
  }

  private static void respond(Exchange exchange, IssuedToken token) throws IOException {
    var body = JSON.createObjectNode();
    // Some clients read the one, some the other.
    body.put("token", token.value())
        .put("access_token", token.value())
        .put("expires_in", token.lifetime().toSeconds())
        .put("issued_at", token.issued().toString());
    exchange.setHeader("Cache-Control", "no-store");
    exchange.respond(200, "application/json", body.toString().getBytes(UTF_8));
  }

  /// RFC 6749 section 5.2 beside the form of every other error here.
  private static void unsupportedGrant(Exchange exchange) throws IOException {
    var message = "grant_type is neither password nor refresh_token";
    var body = JSON.createObjectNode();
    body.put("error", "unsupported_grant_type").put("error_description", message);
    body.putArray("errors")
        .addObject()
        .put("code", ErrorCode.REQUEST_INVALID.name())
        .put("message", message);
    exchange.setHeader("Cache-Control", "no-store");
    exchange.respond(400, "application/json", body.toString().getBytes(UTF_8));
  }

  private static RegistryException invalid(String message) {
    return new RegistryException(ErrorCode.REQUEST_INVALID, message);
  }
}
