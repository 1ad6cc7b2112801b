package dev.referee.verify.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.verify.policy.SignedBy;
import dev.referee.verify.sbom.SbomDocument;
import dev.referee.verify.trust.TrustedSigner;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A document that was attested, and who has proven to have done so.
///
/// @param predicate the document itself
/// @param document what it says
/// @param signers who attested it; empty where nobody had to
record AttestedSbom(JsonNode predicate, SbomDocument document, Set<TrustedSigner> signers) {
  /// Counts who attested which document. Two signers of two documents have not both signed one:
  /// only what was said about the same document counts together (kyverno#14500).
  static final class Count {
    private final @Nullable SignedBy signedBy;
    private final Map<JsonNode, Set<TrustedSigner>> signers = new LinkedHashMap<>();
    private final Map<JsonNode, SbomDocument> documents = new LinkedHashMap<>();

    Count(@Nullable SignedBy signedBy) {
      this.signedBy = signedBy;
    }

    void add(Collection<AttestedSbom> attested) {
      for (var sbom : attested) {
        documents.put(sbom.predicate(), sbom.document());
        signers
            .computeIfAbsent(sbom.predicate(), p -> new LinkedHashSet<>())
            .addAll(sbom.signers());
      }
    }

    /// Whether some signer has attested some document.
    boolean isBegun() {
      return signers.values().stream().anyMatch(who -> !who.isEmpty());
    }

    /// A document that enough signers have attested, in words.
    Optional<String> reached() {
      for (var entry : signers.entrySet()) {
        var document = documents.get(entry.getKey());
        if (document == null) {
          continue;
        }
        if (signedBy == null) {
          return Optional.of(document.describe());
        }
        if (entry.getValue().size() >= signedBy.threshold()) {
          var names = entry.getValue().stream().map(TrustedSigner::name).toList();
          return Optional.of(
              "%s, attested by %s".formatted(document.describe(), String.join(", ", names)));
        }
      }
      return Optional.empty();
    }
  }
}
