package dev.referee.api.v1alpha1;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What clients with a certificate may do with a bundled registry. A certificate must have every
/// name that is given, as a whole.
///
/// @param uri such as `spiffe://cluster.local/ns/shop/sa/builder`
/// @param dns a host name
/// @param email a mailbox
/// @param commonName of the subject of a certificate without names of the other kinds
/// @param repositories globs of repositories
/// @param actions what it may do with them; absent, pull
public record CertificateAccess(
    @Nullable String uri,
    @Nullable String dns,
    @Nullable String email,
    @Nullable String commonName,
    List<String> repositories,
    List<RegistryAction> actions) {
  public CertificateAccess(
      @Nullable String uri,
      @Nullable String dns,
      @Nullable String email,
      @Nullable String commonName,
      @Nullable List<String> repositories,
      @Nullable List<RegistryAction> actions) {
    this.uri = uri;
    this.dns = dns;
    this.email = email;
    this.commonName = commonName;
    this.repositories = Specs.nonEmpty(repositories, "repositories");
    this.actions =
        actions == null ? List.of(RegistryAction.PULL) : Specs.nonEmpty(actions, "actions");
    var names = Stream.of(uri, dns, email, commonName).filter(Objects::nonNull).toList();
    Specs.check(!names.isEmpty(), "a certificate has none of uri, dns, email and commonName");
    Specs.check(names.stream().noneMatch(String::isBlank), "a name of a certificate is empty");
  }
}
