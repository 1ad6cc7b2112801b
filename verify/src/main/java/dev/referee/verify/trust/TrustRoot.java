package dev.referee.verify.trust;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whom one Sigstore instance consists of: its certificate authorities, logs and timestamp
/// authorities (sigstore/protobuf-specs, `sigstore_trustroot.proto`).
///
/// @param fingerprint of the bytes it was read from: two roots with one fingerprint are one
/// @param authorities who issues certificates
/// @param certificateLogs where they are published
/// @param logs where signatures are published
/// @param timestampAuthorities who says when
public record TrustRoot(
    Digest fingerprint,
    List<TrustedAuthority> authorities,
    List<TrustedLog> certificateLogs,
    List<TrustedLog> logs,
    List<TrustedAuthority> timestampAuthorities) {
  public TrustRoot {
    requireNonNull(fingerprint, "fingerprint is null");
    authorities = List.copyOf(authorities);
    certificateLogs = List.copyOf(certificateLogs);
    logs = List.copyOf(logs);
    timestampAuthorities = List.copyOf(timestampAuthorities);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TrustRoot that && fingerprint.equals(that.fingerprint);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }
}
