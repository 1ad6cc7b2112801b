package dev.referee.oci;

import static dev.referee.oci.ContentReason.DIGEST_INVALID;
import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.util.HexFormat;

/// A content digest, `sha256:6f0c...` (OCI image-spec v1.1, descriptor.md#digests).
///
/// Only registered algorithms and only lower-case hex of the exact length exist here: a digest ends
/// up in request paths and file names, so nothing else may (CVE-2024-3727).
///
/// @param algorithm what the bytes are hashed with
/// @param hex the hash in lower-case hexadecimal
public record Digest(DigestAlgorithm algorithm, String hex) implements Comparable<Digest> {
  private static final int MAX_QUOTED = 160;

  public Digest {
    requireNonNull(algorithm, "algorithm is null");
    requireNonNull(hex, "hex is null");
    if (hex.length() != algorithm.hexLength() || !isLowerHex(hex)) {
      throw new MalformedContentException(
          DIGEST_INVALID,
          "digest \"%s:%s\" does not have %d lower-case hexadecimal digits after %s:"
              .formatted(
                  algorithm.prefix(), abbreviate(hex), algorithm.hexLength(), algorithm.prefix()));
    }
  }

  /// Reads `algorithm:hex`.
  ///
  /// @throws MalformedContentException with `DIGEST_INVALID` for anything else
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon > 0) {
      var prefix = text.substring(0, colon);
      for (var algorithm : DigestAlgorithm.values()) {
        if (algorithm.prefix().equals(prefix)) {
          return new Digest(algorithm, text.substring(colon + 1));
        }
      }
    }
    throw new MalformedContentException(
        DIGEST_INVALID,
        "digest \"%s\" starts with neither sha256: nor sha512:".formatted(abbreviate(text)));
  }

  /// The SHA-256 digest of these bytes.
  public static Digest of(byte[] content) {
    return of(DigestAlgorithm.SHA256, content);
  }

  /// The digest of these bytes by the given algorithm.
  public static Digest of(DigestAlgorithm algorithm, byte[] content) {
    return ofHash(algorithm, algorithm.newHasher().digest(content));
  }

  /// The digest that a finished hasher of this algorithm stands for; resets the hasher.
  public static Digest ofHasher(DigestAlgorithm algorithm, MessageDigest hasher) {
    return ofHash(algorithm, hasher.digest());
  }

  private static Digest ofHash(DigestAlgorithm algorithm, byte[] hash) {
    return new Digest(algorithm, HexFormat.of().formatHex(hash));
  }

  /// The hash as bytes.
  public byte[] hash() {
    return HexFormat.of().parseHex(hex);
  }

  /// The tag under which clients keep the referrers of this digest where the registry has no
  /// referrers API, and, with `.sig`, `.att` or `.sbom` appended, cosign's tags (distribution-spec
  /// v1.1.1, "Referrers Tag Schema": each part is cut to its limit).
  public String tagForm() {
    return "%s-%s".formatted(algorithm.prefix(), hex.substring(0, Math.min(64, hex.length())));
  }

  /// Enough of the digest for a person to recognise it: `sha256:6f0c8d3e1b5a...`.
  public String abbreviated() {
    return "%s:%s...".formatted(algorithm.prefix(), hex.substring(0, 12));
  }

  @Override
  public int compareTo(Digest other) {
    int byAlgorithm = algorithm.compareTo(other.algorithm);
    return byAlgorithm != 0 ? byAlgorithm : hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return algorithm.prefix() + ":" + hex;
  }

  private static boolean isLowerHex(String text) {
    return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  private static String abbreviate(String text) {
    return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "...";
  }
}
