package dev.referee.verify.sigstore;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.HashAlgorithm;
import dev.referee.verify.signature.DsseEnvelope;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Sigstore bundle: a signature with everything that is needed to check it
/// (sigstore/protobuf-specs, `sigstore_bundle.proto`). Parsed, not proven.
///
/// @param version which of the versions: some may leave out what others may not
/// @param content what is signed
/// @param material what it claims to be signed with
/// @param entries of transparency logs
/// @param timestamps answers of timestamp authorities (RFC 3161 `TimeStampResp`), in DER
public record Bundle(
    Version version,
    Content content,
    Material material,
    List<LogEntry> entries,
    List<byte[]> timestamps) {
  public Bundle {
    requireNonNull(version, "version is null");
    requireNonNull(content, "content is null");
    requireNonNull(material, "material is null");
    entries = List.copyOf(entries);
    timestamps = List.copyOf(timestamps);
  }

  /// The versions that are read.
  public enum Version {
    V0_1,
    V0_2,
    V0_3
  }

  /// What is signed.
  public sealed interface Content {
    /// The signature itself.
    byte[] signature();

    /// The bytes of an artifact, which the bundle does not carry.
    ///
    /// @param digest what the bundle says the artifact hashes to: a hint
    @SuppressWarnings(
        "ArrayRecordComponent") // Never compared; whoever reads it does not change it.
    record Message(@Nullable Hint digest, byte[] signature) implements Content {
      public Message {
        requireNonNull(signature, "signature is null");
      }
    }

    /// An envelope with exactly one signature.
    record Envelope(DsseEnvelope envelope) implements Content {
      public Envelope {
        requireNonNull(envelope, "envelope is null");
      }

      @Override
      public byte[] signature() {
        return envelope.signature();
      }
    }
  }

  /// A digest that nobody vouches for.
  @SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
  public record Hint(HashAlgorithm algorithm, byte[] digest) {
    public Hint {
      requireNonNull(algorithm, "algorithm is null");
      requireNonNull(digest, "digest is null");
    }
  }

  /// What a bundle claims to be signed with.
  public sealed interface Material {
    /// A key, with a hint at which.
    record Key(String hint) implements Material {}

    /// A certificate.
    ///
    /// @param leaf the signer's
    /// @param intermediates what may lead from it to an authority; proves nothing by itself
    record Certificate(X509Certificate leaf, List<X509Certificate> intermediates)
        implements Material {
      public Certificate {
        requireNonNull(leaf, "leaf is null");
        intermediates = List.copyOf(intermediates);
      }
    }
  }
}
