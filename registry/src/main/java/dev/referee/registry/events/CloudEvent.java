package dev.referee.registry.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.Locale;
import java.util.UUID;

/// An event as CloudEvents 1.0 writes it in one JSON object ("structured mode").
final class CloudEvent {
  /// The media type of the structured mode (CloudEvents JSON format 1.0, section 3).
  static final String MEDIA_TYPE = "application/cloudevents+json; charset=utf-8";

  private static final ObjectMapper JSON = new ObjectMapper();

  private CloudEvent() {}

  /// @param source the registry; with the id, which is random, it names the event
  static byte[] encode(RegistryEvent event, URI source) {
    var tags = event.tags();
    var digest = event.digest();
    var node = JSON.createObjectNode();
    node.put("specversion", "1.0")
        .put("id", UUID.randomUUID().toString())
        .put("source", source.toString())
        .put("type", type(event.kind()))
        .put(
            "subject",
            digest == null
                ? event.repository() + ":" + tags.getFirst()
                : event.repository() + "@" + digest)
        .put("time", event.at().toString())
        .put("datacontenttype", "application/json");
    var data = node.putObject("data");
    data.put("repository", event.repository().value());
    if (digest != null) {
      data.put("digest", digest.toString());
    }
    if (!tags.isEmpty()) {
      tags.forEach(data.putArray("tags")::add);
    }
    var description = event.description();
    if (description != null) {
      data.put("mediaType", description.mediaType()).put("size", description.size());
      if (description.artifactType() != null) {
        data.put("artifactType", description.artifactType());
      }
      if (description.subject() != null) {
        data.put("subject", description.subject().toString());
      }
    }
    return node.toString().getBytes(UTF_8);
  }

  static String type(RegistryEvent.Kind kind) {
    return "dev.referee.registry.%s.v1".formatted(kind.name().toLowerCase(Locale.ROOT));
  }
}
