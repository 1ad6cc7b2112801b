package dev.referee.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.Repositories;
import dev.referee.registry.content.RepositoryName;
import dev.referee.registry.content.Tags;
import dev.referee.server.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Lists tags (distribution-spec v1.1.1, end-8).
final class TagListEndpoint {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Repositories repositories;
  private final Tags tags;

  TagListEndpoint(Repositories repositories, Tags tags) {
    this.repositories = repositories;
    this.tags = tags;
  }

  void handle(Exchange exchange, Route.TagList route) throws IOException {
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      throw Methods.refuse(exchange, "GET, HEAD");
    }
    var repository = route.repository();
    int wanted = PageSize.of(exchange.query("n"));
    if (!repositories.exists(repository)) {
      throw new RegistryException(
          ErrorCode.NAME_UNKNOWN, "there is no repository %s".formatted(repository));
    }
    // One more tells whether there is a next page.
    var found =
        wanted == 0 ? List.<String>of() : tags.list(repository, exchange.query("last"), wanted + 1);
    var page = found.subList(0, Math.min(wanted, found.size()));
    if (found.size() > page.size()) {
      exchange.setHeader(
          "Link",
          "</v2/%s/tags/list?n=%d&last=%s>; rel=\"next\""
              .formatted(repository, wanted, page.getLast()));
    }
    exchange.respond(200, "application/json", body(repository, page));
  }

  private static byte[] body(RepositoryName repository, List<String> page) {
    var body = JSON.createObjectNode();
    body.put("name", repository.value());
    var array = body.putArray("tags");
    page.forEach(array::add);
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }
}
