package dev.referee.verify.signature;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An in-toto statement: somebody says something about artifacts named by digest
/// (in-toto/attestation, spec/v1/statement.md).
///
/// @param predicateType what kind of thing is said
/// @param subjects the digests of each artifact, by algorithm
/// @param predicate what is said
public record Statement(
    String predicateType, List<Map<String, String>> subjects, @Nullable JsonNode predicate) {
  static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

  /// `cosign attest` still writes the older type.
  private static final Set<String> TYPES =
      Set.of("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1");

  /// A statement about more artifacts than this is not made for one image.
  private static final int MAX_SUBJECTS = 1024;

  /// Reads the payload of an envelope. Whoever calls this has proven the envelope, or says that it
  /// is unproven.
  ///
  /// @throws UnprovenException with `MALFORMED_EVIDENCE`
  public static Statement parse(DsseEnvelope envelope) throws UnprovenException {
    if (!envelope.payloadType().equals(PAYLOAD_TYPE)) {
      throw new UnprovenException(
          MALFORMED_EVIDENCE,
          "the payload is %s, not %s".formatted(brief(envelope.payloadType()), PAYLOAD_TYPE));
    }
    try {
      var payload = envelope.payload();
      var fields = StrictJson.readObject(payload, payload.length);
      var type = fields.text("_type");
      if (!TYPES.contains(type)) {
        throw new UnprovenException(
            MALFORMED_EVIDENCE, "%s is not an in-toto statement".formatted(brief(type)));
      }
      return new Statement(fields.text("predicateType"), subjects(fields), predicate(fields));
    } catch (MalformedContentException e) {
      throw new UnprovenException(
          MALFORMED_EVIDENCE, "the statement is malformed: " + e.getMessage());
    }
  }

  /// Checks that the statement is about this artifact: a subject names its digest, in exactly our
  /// spelling of it.
  public void checkSubject(Digest artifact) throws UnprovenException {
    boolean named =
        subjects.stream()
            .anyMatch(digests -> artifact.hex().equals(digests.get(artifact.algorithm().prefix())));
    if (!named) {
      throw new UnprovenException(
          SUBJECT_MISMATCH, "it is about %s, not about %s".formatted(firstSubject(), artifact));
    }
  }

  private String firstSubject() {
    var first = subjects.getFirst();
    var sha256 = first.get("sha256");
    var name = sha256 == null ? "an artifact without a sha256 digest" : "sha256:" + brief(sha256);
    return subjects.size() == 1 ? name : name + " and %d more".formatted(subjects.size() - 1);
  }

  private static List<Map<String, String>> subjects(JsonFields fields) throws UnprovenException {
    var listed = fields.objects("subject");
    // A statement about nothing is about everything to a careless reader (sigstore-go#609).
    if (listed.isEmpty() || listed.size() > MAX_SUBJECTS) {
      throw new UnprovenException(
          MALFORMED_EVIDENCE,
          "the statement has %d subjects, not 1 to %d".formatted(listed.size(), MAX_SUBJECTS));
    }
    var subjects = new ArrayList<Map<String, String>>();
    for (var subject : listed) {
      subjects.add(subject.textMap("digest"));
    }
    return List.copyOf(subjects);
  }

  private static @Nullable JsonNode predicate(JsonFields fields) {
    var predicate = fields.node().get("predicate");
    return predicate == null || predicate.isNull() ? null : predicate;
  }

  private static String brief(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }
}
