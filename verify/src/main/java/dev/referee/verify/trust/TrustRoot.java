package dev.referee.verify.trust;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whom one Sigstore instance consists of: its certificate authorities, logs and timestamp
/// authorities (sigstore/protobuf-specs, `sigstore_trustroot.proto`).
///
/// Two that were read from the same bytes are one. It remembers about its own certificates what
/// need not be found out again, so it is kept for as long as it is trusted.
public final class TrustRoot {
  private final Digest fingerprint;
  private final List<TrustedAuthority> authorities;
  private final List<TrustedLog> certificateLogs;
  private final List<TrustedLog> logs;
  private final List<TrustedAuthority> timestampAuthorities;
  private final Issuers issuers;
  private final Issuers timestampIssuers;

  /// @param fingerprint of the bytes it was read from
  /// @param authorities who issues certificates
  /// @param certificateLogs where they are published
  /// @param logs where signatures are published
  /// @param timestampAuthorities who says when
  public TrustRoot(
      Digest fingerprint,
      List<TrustedAuthority> authorities,
      List<TrustedLog> certificateLogs,
      List<TrustedLog> logs,
      List<TrustedAuthority> timestampAuthorities) {
    this.fingerprint = requireNonNull(fingerprint, "fingerprint is null");
    this.authorities = List.copyOf(authorities);
    this.certificateLogs = List.copyOf(certificateLogs);
    this.logs = List.copyOf(logs);
    this.timestampAuthorities = List.copyOf(timestampAuthorities);
    this.issuers = new Issuers(this.authorities);
    this.timestampIssuers = new Issuers(this.timestampAuthorities);
  }

  /// What tells it from others.
  public Digest fingerprint() {
    return fingerprint;
  }

  /// Who issues certificates.
  public List<TrustedAuthority> authorities() {
    return authorities;
  }

  /// Where certificates are published.
  public List<TrustedLog> certificateLogs() {
    return certificateLogs;
  }

  /// Where signatures are published.
  public List<TrustedLog> logs() {
    return logs;
  }

  /// Who says when.
  public List<TrustedAuthority> timestampAuthorities() {
    return timestampAuthorities;
  }

  /// Who issued whom, of those who issue certificates.
  public Issuers issuers() {
    return issuers;
  }

  /// Who issued whom, of those who say when.
  public Issuers timestampIssuers() {
    return timestampIssuers;
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
