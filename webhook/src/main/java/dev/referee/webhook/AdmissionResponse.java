package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The answer to an API server (`admission.k8s.io/v1`, AdmissionResponse).
///
/// @param uid the request's
/// @param allowed whether the object may be
/// @param message why not
/// @param warnings what its author is told although it may be
/// @param audit what the API server's audit log keeps, by key
/// @param patch how the object is changed (RFC 6902); null, not at all
record AdmissionResponse(
    String uid,
    boolean allowed,
    String message,
    List<String> warnings,
    Map<String, String> audit,
    @Nullable ArrayNode patch) {
  AdmissionResponse {
    requireNonNull(uid, "uid is null");
    requireNonNull(message, "message is null");
    warnings = List.copyOf(warnings);
    audit = Map.copyOf(audit);
  }

  static AdmissionResponse allow(String uid, List<String> warnings) {
    return new AdmissionResponse(uid, true, "", warnings, Map.of(), null);
  }

  static AdmissionResponse deny(String uid, String message, List<String> warnings) {
    return new AdmissionResponse(uid, false, message, warnings, Map.of(), null);
  }

  static AdmissionResponse patch(String uid, ArrayNode patch) {
    return new AdmissionResponse(uid, true, "", List.of(), Map.of(), patch);
  }

  /// The same answer, with something for the audit log.
  AdmissionResponse audited(Map<String, String> annotations) {
    return new AdmissionResponse(uid, allowed, message, warnings, annotations, patch);
  }
}
