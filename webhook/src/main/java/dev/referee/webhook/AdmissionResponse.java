package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// The answer to an API server (`admission.k8s.io/v1`, AdmissionResponse).
///
/// @param uid the request's
/// @param allowed whether the object may be
/// @param message why not
/// @param warnings what its author is told although it may be
record AdmissionResponse(String uid, boolean allowed, String message, List<String> warnings) {
  AdmissionResponse {
    requireNonNull(uid, "uid is null");
    requireNonNull(message, "message is null");
    warnings = List.copyOf(warnings);
  }

  static AdmissionResponse allow(String uid, List<String> warnings) {
    return new AdmissionResponse(uid, true, "", warnings);
  }

  static AdmissionResponse deny(String uid, String message, List<String> warnings) {
    return new AdmissionResponse(uid, false, message, warnings);
  }
}
