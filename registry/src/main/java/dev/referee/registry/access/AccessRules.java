package dev.referee.registry.access;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an access file grants.
///
/// @param anonymous what is granted to requests without credentials
/// @param users what is granted to each user; null when every user may do everything
/// @param serviceAccounts whose tokens are accepted; null for nobody's
/// @param certificates what is granted to clients with a certificate
record AccessRules(
    List<Grant> anonymous,
    @Nullable Map<String, List<Grant>> users,
    @Nullable ServiceAccountRules serviceAccounts,
    List<CertificateGrant> certificates) {
  /// Without a file there are only the users of the other one.
  static final AccessRules NONE = new AccessRules(List.of(), null, null, List.of());

  AccessRules {
    anonymous = List.copyOf(anonymous);
    users = users == null ? null : Map.copyOf(users);
    certificates = List.copyOf(certificates);
  }

  List<Grant> ofUser(String name) {
    return users == null ? List.of(Grant.ALL) : users.getOrDefault(name, List.of());
  }

  List<Grant> ofCertificate(CertificateNames names) {
    return certificates.stream()
        .filter(grant -> grant.isFor(names))
        .map(CertificateGrant::grant)
        .toList();
  }
}
