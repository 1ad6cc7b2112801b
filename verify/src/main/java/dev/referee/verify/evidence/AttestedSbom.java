package dev.referee.verify.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.verify.policy.SignedBy;
import dev.referee.verify.proof.Proof;
import dev.referee.verify.proof.RollCall;
import dev.referee.verify.sbom.SbomDocument;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A document that was attested, and who has proven to have done so.
///
/// @param predicate the document itself
/// @param document what it says
/// @param proofs that it was attested; none where nobody had to
record AttestedSbom(JsonNode predicate, SbomDocument document, List<Proof> proofs) {
  AttestedSbom {
    proofs = List.copyOf(proofs);
  }

  /// Counts who attested which document. Two signers of two documents have not both signed one:
  /// only what was said about the same document counts together (kyverno#14500).
  static final class Count {
    private final @Nullable SignedBy signedBy;
    private final Map<JsonNode, RollCall> attested = new LinkedHashMap<>();
    private final Map<JsonNode, SbomDocument> documents = new LinkedHashMap<>();

    Count(@Nullable SignedBy signedBy) {
      this.signedBy = signedBy;
    }

    void add(Collection<AttestedSbom> sboms) {
      for (var sbom : sboms) {
        documents.put(sbom.predicate(), sbom.document());
        attested.computeIfAbsent(sbom.predicate(), _ -> new RollCall()).add(sbom.proofs());
      }
    }

    /// Whether some signer has attested some document.
    boolean isBegun() {
      return attested.values().stream().anyMatch(signed -> !signed.isEmpty());
    }

    /// A document that enough signers have attested.
    Optional<SbomSearch.Accepted> reached() {
      for (var entry : attested.entrySet()) {
        var document = documents.get(entry.getKey());
        if (document == null) {
          continue;
        }
        if (signedBy == null) {
          return Optional.of(new SbomSearch.Accepted(document.describe(), Instant.MAX));
        }
        var signed = entry.getValue();
        if (signed.isReached(signedBy)) {
          return Optional.of(
              new SbomSearch.Accepted(
                  "%s, attested by %s".formatted(document.describe(), signed.names()),
                  signed.until()));
        }
      }
      return Optional.empty();
    }
  }
}
