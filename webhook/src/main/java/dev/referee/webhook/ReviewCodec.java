package dev.referee.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.ContentReason;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import dev.referee.webhook.AdmissionRequest.Operation;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads AdmissionReviews and writes the answers (`admission.k8s.io/v1`). Our own few records: a
/// client library's model takes most of a second to load, which is what the first admission would
/// wait for.
final class ReviewCodec {
  /// Two objects of 3 MiB, which is the most that an API server stores, and what is around them.
  static final int MAX_BYTES = 8 << 20;

  private static final String API_VERSION = "admission.k8s.io/v1";
  private static final String KIND = "AdmissionReview";
  private static final int MAX_UID_CHARS = 128;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonFactory LENIENT = new JsonFactory();

  private ReviewCodec() {}

  static AdmissionRequest read(byte[] body) throws MalformedReviewException {
    try {
      var review = StrictJson.readObject(body, MAX_BYTES);
      if (!review.text("apiVersion").equals(API_VERSION) || !review.text("kind").equals(KIND)) {
        throw new MalformedReviewException(
            uid(body), "the body is not an %s of %s".formatted(KIND, API_VERSION));
      }
      return request(review.object("request"));
    } catch (MalformedContentException e) {
      throw new MalformedReviewException(
          uid(body), "the admission review is malformed: " + e.getMessage());
    }
  }

  private static AdmissionRequest request(JsonFields request) {
    var kind = request.object("kind");
    var resource = request.optionalObject("resource");
    var object = request.optionalObject("object");
    var oldObject = request.optionalObject("oldObject");
    return new AdmissionRequest(
        request.text("uid"),
        orEmpty(kind.optionalText("group")),
        kind.text("kind"),
        resource == null ? "" : orEmpty(resource.optionalText("group")),
        resource == null ? "" : resource.text("version"),
        resource == null ? "" : resource.text("resource"),
        orEmpty(request.optionalText("subResource")),
        operation(request.text("operation")),
        orEmpty(request.optionalText("namespace")),
        orEmpty(request.optionalText("name")),
        object == null ? null : object.node(),
        oldObject == null ? null : oldObject.node());
  }

  private static Operation operation(String text) {
    return switch (text) {
      case "CREATE" -> Operation.CREATE;
      case "UPDATE" -> Operation.UPDATE;
      case "DELETE" -> Operation.DELETE;
      case "CONNECT" -> Operation.CONNECT;
      default ->
          throw new MalformedContentException(
              ContentReason.FIELD_INVALID, "request.operation is none that Kubernetes has");
    };
  }

  /// The uid, from as much of the body as can be read.
  private static String uid(byte[] body) {
    try (var parser = LENIENT.createParser(body)) {
      if (parser.nextToken() == JsonToken.START_OBJECT && moveTo(parser, "request")) {
        if (parser.currentToken() == JsonToken.START_OBJECT && moveTo(parser, "uid")) {
          var uid = parser.getValueAsString("");
          return uid.length() <= MAX_UID_CHARS ? uid : "";
        }
      }
      return "";
    } catch (IOException e) {
      return "";
    }
  }

  /// Moves to the value of a field of the object that the parser is in.
  private static boolean moveTo(JsonParser parser, String field) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      parser.nextToken();
      if (name.equals(field)) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  static byte[] write(AdmissionResponse answer) {
    var review = JSON.createObjectNode();
    review.put("apiVersion", API_VERSION).put("kind", KIND);
    var response = review.putObject("response");
    response.put("uid", answer.uid()).put("allowed", answer.allowed());
    if (!answer.allowed()) {
      addStatus(response, answer.message());
    }
    if (!answer.warnings().isEmpty()) {
      var warnings = response.putArray("warnings");
      answer.warnings().forEach(warnings::add);
    }
    if (!answer.audit().isEmpty()) {
      var annotations = response.putObject("auditAnnotations");
      answer.audit().forEach(annotations::put);
    }
    try {
      if (answer.patch() != null) {
        response.put("patchType", "JSONPatch").put("patch", JSON.writeValueAsBytes(answer.patch()));
      }
      return JSON.writeValueAsBytes(review);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  private static void addStatus(ObjectNode response, String message) {
    response
        .putObject("status")
        .put("code", 403)
        .put("reason", "Forbidden")
        .put("message", message);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
