package dev.referee.verify.signature;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.referee.oci.json.JsonFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The members of a Sigstore bundle (sigstore/protobuf-specs, `sigstore_bundle.proto` and what it
/// imports, in their JSON form).
///
/// Any other is refused, as the JSON form of protocol buffers has it by default and other clients
/// do: otherwise a proof under a name that is not read would be left out unnoticed.
public final class BundleMembers {
  private static final Members CERTIFICATE = Members.of("rawBytes");
  private static final Members CHECKPOINT = Members.of("envelope");

  private static final Members PROOF =
      Members.of("logIndex", "rootHash", "treeSize", "hashes").with("checkpoint", CHECKPOINT);

  private static final Members ENTRY =
      Members.of("logIndex", "integratedTime", "canonicalizedBody")
          .with("logId", Members.of("keyId"))
          .with("kindVersion", Members.of("kind", "version"))
          .with("inclusionPromise", Members.of("signedEntryTimestamp"))
          .with("inclusionProof", PROOF);

  private static final Members TIMESTAMPS =
      Members.of().with("rfc3161Timestamps", Members.of("signedTimestamp"));

  private static final Members MATERIAL =
      Members.of()
          .with("publicKey", Members.of("hint"))
          .with("certificate", CERTIFICATE)
          .with("x509CertificateChain", Members.of().with("certificates", CERTIFICATE))
          .with("tlogEntries", ENTRY)
          .with("timestampVerificationData", TIMESTAMPS);

  private static final Members MESSAGE =
      Members.of("signature").with("messageDigest", Members.of("algorithm", "digest"));

  private static final Members ENVELOPE =
      Members.of("payload", "payloadType").with("signatures", Members.of("sig", "keyid"));

  private static final Members BUNDLE =
      Members.of("mediaType")
          .with("verificationMaterial", MATERIAL)
          .with("messageSignature", MESSAGE)
          .with("dsseEnvelope", ENVELOPE);

  private BundleMembers() {}

  /// Refuses every other member, at any depth.
  ///
  /// @throws dev.referee.oci.MalformedContentException for the first other member
  public static void check(JsonFields bundle) {
    BUNDLE.check(bundle);
  }

  /// The members of one message.
  ///
  /// @param names of all of them
  /// @param messages those that are messages themselves, or lists of such
  private record Members(Set<String> names, List<Map.Entry<String, Members>> messages) {
    Members {
      names = Set.copyOf(names);
      messages = List.copyOf(messages);
    }

    static Members of(String... values) {
      return new Members(Set.of(values), List.of());
    }

    Members with(String name, Members message) {
      var more = new HashSet<>(names);
      more.add(name);
      var nested = new ArrayList<>(messages);
      nested.add(Map.entry(name, message));
      return new Members(more, nested);
    }

    void check(JsonFields fields) {
      fields.knowOnly(names);
      for (var message : messages) {
        var name = message.getKey();
        if (fields.node().get(name) instanceof ArrayNode) {
          fields.objects(name).forEach(message.getValue()::check);
        } else if (fields.has(name)) {
          message.getValue().check(fields.object(name));
        }
      }
    }
  }
}
