package dev.referee.registry;

import dev.referee.oci.MediaType;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.Referrers;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.mirror.Supply;
import dev.referee.server.Exchange;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// Lists referrers (distribution-spec v1.1.1, end-12). Never a 404: a digest that nobody knows has
/// no referrers, and clients take a 404 for a registry without this API.
final class ReferrersEndpoint {
  private static final Pattern BEFORE = Pattern.compile("[0-9a-f]{14}-[0-9a-f]{20}");

  private final Referrers referrers;
  private final Supply supply;

  ReferrersEndpoint(Referrers referrers, Supply supply) {
    this.referrers = referrers;
    this.supply = supply;
  }

  void handle(Exchange exchange, Route.ReferrersOf route) throws IOException {
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      throw Methods.refuse(exchange, "GET, HEAD");
    }
    // Repeated means any of them, as containerd asks.
    var types = new LinkedHashSet<>(exchange.queryAll("artifactType"));
    types.remove("");
    var before = exchange.query("before");
    if (before != null && !BEFORE.matcher(before).matches()) {
      throw new RegistryException(
          ErrorCode.PAGINATION_NUMBER_INVALID, "before is not the place of a page");
    }
    supply.referrers(route.repository(), route.subject());
    var page = referrers.page(route.repository(), route.subject(), types, before);
    if (!types.isEmpty()) {
      exchange.setHeader("OCI-Filters-Applied", "artifactType");
    }
    var next = page.next();
    if (next != null) {
      exchange.setHeader("Link", link(route, types, next));
    }
    EntityTag.set(exchange, page.digest());
    if (EntityTag.isKnown(exchange, page.digest())) {
      exchange.respond(304);
    } else {
      exchange.respond(200, MediaType.OCI_INDEX.value(), page.body());
    }
  }

  private static String link(Route.ReferrersOf route, Set<String> types, String next) {
    var link =
        new StringBuilder(
            "</v2/%s/referrers/%s?before=%s".formatted(route.repository(), route.subject(), next));
    for (var type : types) {
      // Never a plus sign for a space: whoever follows the link may read it as a plus sign.
      var encoded = URLEncoder.encode(type, StandardCharsets.UTF_8).replace("+", "%20");
      link.append("&artifactType=").append(encoded);
    }
    return link.append(">; rel=\"next\"").toString();
  }
}
