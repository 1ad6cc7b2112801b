package dev.referee.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whoever signs with Notation, by trust stores as a trust policy of the Notary Project has them.
///
/// @param trustStores whose certificates lead to somebody who is trusted
/// @param trustedIdentities `*` alone, or names such as `x509.subject: C=US, ST=WA, O=Acme`
/// @param level how much is enforced; absent, everything
/// @param override what is done otherwise than the level says
/// @param verifyTimestamp when a timestamp has to prove the time; absent, always
public record NotationSpec(
    NotationTrustStoresSpec trustStores,
    List<String> trustedIdentities,
    NotationLevel level,
    @Nullable NotationOverrideSpec override,
    NotationTimestamp verifyTimestamp) {
  public NotationSpec(
      @Nullable NotationTrustStoresSpec trustStores,
      @Nullable List<String> trustedIdentities,
      @Nullable NotationLevel level,
      @Nullable NotationOverrideSpec override,
      @Nullable NotationTimestamp verifyTimestamp) {
    this.trustStores = Specs.required(trustStores, "trustStores");
    this.trustedIdentities = Specs.nonEmpty(trustedIdentities, "trustedIdentities");
    this.level = level == null ? NotationLevel.STRICT : level;
    this.override = override;
    this.verifyTimestamp = verifyTimestamp == null ? NotationTimestamp.ALWAYS : verifyTimestamp;
  }
}
