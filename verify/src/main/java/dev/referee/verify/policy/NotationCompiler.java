package dev.referee.verify.policy;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.NotationAction;
import dev.referee.api.v1alpha1.NotationLevel;
import dev.referee.api.v1alpha1.NotationOverrideSpec;
import dev.referee.api.v1alpha1.NotationSpec;
import dev.referee.api.v1alpha1.NotationTimestamp;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ValueSpec;
import dev.referee.verify.notation.NotationTrust;
import dev.referee.verify.notation.TimestampUse;
import dev.referee.verify.notation.TrustStores;
import dev.referee.verify.notation.TrustedIdentities;
import dev.referee.verify.notation.UnusableNotationTrustException;
import dev.referee.verify.notation.Validation;
import dev.referee.verify.notation.ValidationAction;
import dev.referee.verify.notation.VerificationLevel;
import dev.referee.verify.trust.Credential;
import dev.referee.verify.trust.PemCertificates;
import dev.referee.verify.trust.UnusableTrustRootException;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns what a signer of the Notary Project is into what its signatures are checked against.
final class NotationCompiler {
  private final Texts texts;

  NotationCompiler(Texts texts) {
    this.texts = requireNonNull(texts, "texts is null");
  }

  Credential.Notation compile(ResourceId id, NotationSpec spec) throws UnresolvedException {
    var stores = spec.trustStores();
    try {
      return new Credential.Notation(
          new NotationTrust(
              TrustStores.of(
                  certificates(id, stores.ca()),
                  certificates(id, stores.signingAuthority()),
                  certificates(id, stores.tsa())),
              identities(spec),
              level(spec.level()).actions(overrides(spec.override())),
              use(spec.verifyTimestamp())));
    } catch (UnusableTrustRootException | UnusableNotationTrustException e) {
      throw new UnresolvedException(Problem.INVALID_TRUST_ROOT, String.valueOf(e.getMessage()));
    }
  }

  private List<X509Certificate> certificates(ResourceId id, @Nullable ValueSpec value)
      throws UnresolvedException, UnusableTrustRootException {
    return value == null ? List.of() : PemCertificates.read(texts.of(id, value));
  }

  private static TrustedIdentities identities(NotationSpec spec) throws UnresolvedException {
    try {
      return TrustedIdentities.of(spec.trustedIdentities());
    } catch (UnusableNotationTrustException e) {
      throw new UnresolvedException(Problem.INVALID_IDENTITY, String.valueOf(e.getMessage()));
    }
  }

  private static VerificationLevel level(NotationLevel level) {
    return switch (level) {
      case STRICT -> VerificationLevel.STRICT;
      case PERMISSIVE -> VerificationLevel.PERMISSIVE;
      case AUDIT -> VerificationLevel.AUDIT;
    };
  }

  private static TimestampUse use(NotationTimestamp timestamp) {
    return switch (timestamp) {
      case ALWAYS -> TimestampUse.ALWAYS;
      case AFTER_CERT_EXPIRY -> TimestampUse.AFTER_CERTIFICATE_EXPIRY;
    };
  }

  private static Map<Validation, ValidationAction> overrides(@Nullable NotationOverrideSpec spec) {
    var overrides = new EnumMap<Validation, ValidationAction>(Validation.class);
    if (spec != null) {
      put(overrides, Validation.AUTHENTICITY, spec.authenticity());
      put(overrides, Validation.AUTHENTIC_TIMESTAMP, spec.authenticTimestamp());
      put(overrides, Validation.EXPIRY, spec.expiry());
      put(overrides, Validation.REVOCATION, spec.revocation());
    }
    return overrides;
  }

  private static void put(
      Map<Validation, ValidationAction> overrides,
      Validation validation,
      @Nullable NotationAction action) {
    if (action != null) {
      overrides.put(
          validation,
          switch (action) {
            case ENFORCE -> ValidationAction.ENFORCE;
            case LOG -> ValidationAction.LOG;
            case SKIP -> ValidationAction.SKIP;
          });
    }
  }
}
