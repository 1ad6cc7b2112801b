package dev.referee.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.registry.access.Caller;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.Repositories;
import dev.referee.registry.content.RepositoryName;
import dev.referee.server.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Lists repositories, those that the caller may pull from and no others. Not of the specification,
/// which reserves the path; in the form that Docker's registry has.
final class CatalogEndpoint {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Repositories repositories;

  CatalogEndpoint(Repositories repositories) {
    this.repositories = repositories;
  }

  void handle(Exchange exchange, Caller caller) throws IOException {
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      throw Methods.refuse(exchange, "GET, HEAD");
    }
    int wanted = PageSize.of(exchange.query("n"));
    var last = exchange.query("last");
    // One more tells whether there is a next page.
    var found =
        wanted == 0
            ? List.<RepositoryName>of()
            : repositories.list(last == null ? null : lastOf(last), wanted + 1, caller::mayList);
    var page = found.subList(0, Math.min(wanted, found.size()));
    if (found.size() > page.size()) {
      exchange.setHeader(
          "Link", "</v2/_catalog?n=%d&last=%s>; rel=\"next\"".formatted(wanted, page.getLast()));
    }
    var body = JSON.createObjectNode();
    var array = body.putArray("repositories");
    page.forEach(repository -> array.add(repository.value()));
    exchange.respond(200, "application/json", body.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static RepositoryName lastOf(String last) throws RegistryException {
    try {
      return RepositoryName.parse(last);
    } catch (RegistryException e) {
      throw new RegistryException(
          ErrorCode.PAGINATION_NUMBER_INVALID, "last is not the name of a repository");
    }
  }
}
