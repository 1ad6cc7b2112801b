package dev.referee.verify.notation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what a trust policy of notation says about signers, into what a signer of ours is made of.
/// The certificates of its stores are files on somebody's machine, and are not looked for.
final class TrustPolicyDocument {
  private static final Pattern STORE = Pattern.compile("(ca|signingAuthority|tsa):[A-Za-z0-9_.-]+");
  private static final Map<String, Validation> VALIDATIONS =
      Map.of(
          "authenticity", Validation.AUTHENTICITY,
          "authenticTimestamp", Validation.AUTHENTIC_TIMESTAMP,
          "expiry", Validation.EXPIRY,
          "revocation", Validation.REVOCATION);

  private TrustPolicyDocument() {}

  /// One statement.
  record Statement(
      TrustedIdentities identities,
      Map<Validation, ValidationAction> actions,
      TimestampUse timestamps) {}

  static List<Statement> read(byte[] content) throws UnusableNotationTrustException {
    var statements = new ArrayList<Statement>();
    for (var policy : StrictJson.readObject(content, 1 << 20).objects("trustPolicies")) {
      statements.add(statement(policy));
    }
    return statements;
  }

  private static Statement statement(JsonFields policy) throws UnusableNotationTrustException {
    var verification = policy.object("signatureVerification");
    var level =
        constant(VerificationLevel.class, verification.text("level"))
            .orElseThrow(() -> new UnusableNotationTrustException("a level such as skip"));
    var stores = policy.elements("trustStores").stream().map(JsonNode::asText).toList();
    if (stores.isEmpty() || !stores.stream().allMatch(store -> STORE.matcher(store).matches())) {
      throw new UnusableNotationTrustException("no trust store, or one without type and name");
    }
    var identities = policy.elements("trustedIdentities").stream().map(JsonNode::asText).toList();
    return new Statement(
        TrustedIdentities.of(identities),
        level.actions(overrides(verification.optionalObject("override"))),
        "afterCertExpiry".equals(verification.optionalText("verifyTimestamp"))
            ? TimestampUse.AFTER_CERTIFICATE_EXPIRY
            : TimestampUse.ALWAYS);
  }

  private static Map<Validation, ValidationAction> overrides(@Nullable JsonFields fields)
      throws UnusableNotationTrustException {
    var overrides = new EnumMap<Validation, ValidationAction>(Validation.class);
    if (fields == null) {
      return overrides;
    }
    for (var names = fields.node().fieldNames(); names.hasNext(); ) {
      var name = names.next();
      var validation = VALIDATIONS.get(name);
      if (validation == null) {
        throw new UnusableNotationTrustException(name + " cannot be overridden");
      }
      overrides.put(
          validation,
          constant(ValidationAction.class, fields.text(name))
              .orElseThrow(() -> new UnusableNotationTrustException("an unknown action")));
    }
    return overrides;
  }

  private static <E extends Enum<E>> Optional<E> constant(Class<E> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equalsIgnoreCase(name))
        .findFirst();
  }
}
