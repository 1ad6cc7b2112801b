package dev.referee.verify.notation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.oci.MalformedContentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The trust policies with which notation tests itself, which this project did not write: what they
/// say about signers is read as notation reads it. Which image a policy is about is for our own
/// policies to say (`match.images`), so what is wrong with registry scopes and with several
/// statements is not of a signer.
class TrustPolicyVectorsTest {
  /// Named by what is wrong, or by a store or an identity that only the client's machine knows.
  private static final List<String> VALID =
      List.of(
          "any_registry_scope_trust_policy",
          "audit_trustpolicy",
          "generate_test_trustpolicy",
          "invalid_trust_store_trustpolicy",
          "invalid_trusted_identity_trustpolicy",
          "multiple_trust_store_trustpolicy",
          "multiple_trusted_identity_trustpolicy",
          "overlapped_trust_store_trustpolicy",
          "override_audit_trustpolicy",
          "override_permissive_trustpolicy",
          "override_strict_trustpolicy",
          "permissive_trustpolicy",
          "quickstart_trustpolicy",
          "registry_scope_trustpolicy",
          "timestamp_after_cert_expiry_trustpolicy",
          "timestamp_trustpolicy",
          "trustpolicy",
          "valid_trusted_identity_trustpolicy");

  private static final Map<String, String> INVALID =
      Map.ofEntries(
          Map.entry("blob_trust_policy", "skip"),
          Map.entry("empty_trusted_identity_trustpolicy", "neither *"),
          Map.entry("invalid_format_trustpolicy", "JSON"),
          Map.entry("malformed_trust_store_trustpolicy", "trust store"),
          Map.entry("malformed_trusted_identity_trustpolicy", "neither *"),
          Map.entry("missing_country_trusted_identity_trustpolicy", "no C"),
          Map.entry("missing_organization_trusted_identity_trustpolicy", "no O"),
          Map.entry("missing_state_trusted_identity_trustpolicy", "no ST"),
          Map.entry("overlapped_trusted_identity_trustpolicy", "says all that"),
          Map.entry("override_integrity_for_permissive_trustpolicy", "integrity"),
          Map.entry("skip_trustpolicy", "skip"),
          Map.entry("unset_trust_store_trustpolicy", "trust store"),
          Map.entry("unset_trusted_identity_trustpolicy", "trusted identities"),
          Map.entry("wildcard_plus_other_trusted_identity_trustpolicy", "among other"),
          Map.entry("wildcard_trust_store_trustpolicy", "trust store"));

  /// N76, which concerns policies and not signers: each statement in them is a signer's all the
  /// same.
  private static final List<String> SCOPES =
      List.of(
          "empty_registry_scope_trustpolicy",
          "invalid_registry_scope_trustpolicy",
          "malformed_registry_scope_trustpolicy",
          "multi_statements_with_multi_wildcard_registry_scope_trustpolicy",
          "multi_statements_with_the_same_name_trustpolicy",
          "multi_statements_with_the_same_registry_scope_trustpolicy",
          "multi_statements_with_wildcard_registry_scope_trustpolicy",
          "multiple_registry_scope_trustpolicy",
          "overlapped_registry_scope_trustpolicy",
          "wildcard_plus_other_registry_scope_trustpolicy");

  private static Path folder() {
    return Path.of(
        System.getProperty("referee.shared", "."), "vectors", "notation", "trustpolicies");
  }

  private static void assumeFolder() {
    assumeTrue(Files.isDirectory(folder()), "SKIPPED: the folder of shared vectors is not there");
  }

  private static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(folder().resolve(name + ".json"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<String> valid() {
    return Stream.concat(VALID.stream(), SCOPES.stream());
  }

  static Stream<String> invalid() {
    return INVALID.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("valid")
  void readsWhatNotationReads(String name) throws UnusableNotationTrustException {
    assumeFolder();

    assertThat(TrustPolicyDocument.read(bytes(name))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void refusesWhatNotationRefuses(String name) {
    assumeFolder();

    assertThatThrownBy(() -> TrustPolicyDocument.read(bytes(name)))
        .isInstanceOfAny(UnusableNotationTrustException.class, MalformedContentException.class)
        .hasMessageContaining(INVALID.get(name));
  }

  /// No document is left out.
  @Test
  void knowsEveryDocument() throws IOException {
    assumeFolder();
    try (var files = Files.list(folder())) {
      assertThat(files.map(file -> String.valueOf(file.getFileName()).replace(".json", "")))
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(valid(), invalid()).flatMap(names -> names).toList());
    }
  }

  /// What the overrides say is what is done.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "override_strict_trustpolicy",
        "override_permissive_trustpolicy",
        "override_audit_trustpolicy"
      })
  void readsOverrides(String name) throws UnusableNotationTrustException {
    assumeFolder();
    var actions = TrustPolicyDocument.read(bytes(name)).getFirst().actions();
    var others = name.contains("strict") ? ValidationAction.LOG : ValidationAction.ENFORCE;

    assertThat(actions.get(Validation.EXPIRY)).isEqualTo(others);
    assertThat(actions.get(Validation.REVOCATION)).isEqualTo(others);
    assertThat(actions.get(Validation.AUTHENTIC_TIMESTAMP)).isEqualTo(others);
    assertThat(actions.get(Validation.AUTHENTICITY))
        .isEqualTo(name.contains("audit") ? ValidationAction.ENFORCE : ValidationAction.LOG);
  }
}
