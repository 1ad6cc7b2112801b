package dev.referee.api.v1alpha1;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whose certificate it must be. Every field that is given must hold for all of what the
/// certificate says; one about which it says nothing does not hold. `RegExp` fields match as a
/// whole.
///
/// @param issuer the OpenID issuer
/// @param issuerRegExp the same, as a pattern
/// @param subject the subject alternative name
/// @param subjectRegExp the same, as a pattern
/// @param sourceRepository the repository that was built
/// @param sourceRepositoryRegExp the same, as a pattern
/// @param sourceRef the branch or tag that was built
/// @param sourceRefRegExp the same, as a pattern
/// @param buildSigner the workflow that signed, which may be another repository's
/// @param buildSignerRegExp the same, as a pattern
/// @param buildConfig the workflow that was started
/// @param buildConfigRegExp the same, as a pattern
/// @param buildSignerDigest commit of the workflow that signed
/// @param runnerEnvironment where it ran, such as `github-hosted`
/// @param sourceDigest commit that was built
/// @param sourceRepositoryId the repository's unchanging id
/// @param sourceOwner who owns the repository
/// @param sourceOwnerId the owner's unchanging id
/// @param buildConfigDigest commit of the workflow that was started
/// @param buildTrigger what started it, such as `push`
/// @param runInvocation which run
/// @param visibility of the repository then
/// @param deploymentEnvironment the environment deployed to
/// @param tokenSubject the token's `sub`
public record IdentitySpec(
    @Nullable String issuer,
    @Nullable String issuerRegExp,
    @Nullable String subject,
    @Nullable String subjectRegExp,
    @Nullable String sourceRepository,
    @Nullable String sourceRepositoryRegExp,
    @Nullable String sourceRef,
    @Nullable String sourceRefRegExp,
    @Nullable String buildSigner,
    @Nullable String buildSignerRegExp,
    @Nullable String buildConfig,
    @Nullable String buildConfigRegExp,
    @Nullable String buildSignerDigest,
    @Nullable String runnerEnvironment,
    @Nullable String sourceDigest,
    @Nullable String sourceRepositoryId,
    @Nullable String sourceOwner,
    @Nullable String sourceOwnerId,
    @Nullable String buildConfigDigest,
    @Nullable String buildTrigger,
    @Nullable String runInvocation,
    @Nullable String visibility,
    @Nullable String deploymentEnvironment,
    @Nullable String tokenSubject) {
  public IdentitySpec {
    Specs.check(issuer != null || issuerRegExp != null, "an identity needs issuer or issuerRegExp");
    Specs.check(
        subject != null || subjectRegExp != null, "an identity needs subject or subjectRegExp");
    for (var text :
        new @Nullable String[] {
          issuer,
          subject,
          sourceRepository,
          sourceRef,
          buildSigner,
          buildConfig,
          buildSignerDigest,
          runnerEnvironment,
          sourceDigest,
          sourceRepositoryId,
          sourceOwner,
          sourceOwnerId,
          buildConfigDigest,
          buildTrigger,
          runInvocation,
          visibility,
          deploymentEnvironment,
          tokenSubject
        }) {
      Specs.check(text == null || !text.isEmpty(), "a field of an identity is empty");
    }
    for (var pattern :
        new @Nullable String[] {
          issuerRegExp,
          subjectRegExp,
          sourceRepositoryRegExp,
          sourceRefRegExp,
          buildSignerRegExp,
          buildConfigRegExp
        }) {
      Specs.checkPattern(pattern);
    }
  }

  /// An issuer and a subject, both to the letter.
  public static IdentitySpec of(String issuer, String subject) {
    return new IdentitySpec(
        issuer, null, subject, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, null, null, null, null, null);
  }

  /// The claims that must be exactly this, by their names here.
  public Map<String, String> literals() {
    var literals = new LinkedHashMap<String, String>();
    put(literals, "issuer", issuer);
    put(literals, "subject", subject);
    put(literals, "sourceRepository", sourceRepository);
    put(literals, "sourceRef", sourceRef);
    put(literals, "buildSigner", buildSigner);
    put(literals, "buildConfig", buildConfig);
    put(literals, "buildSignerDigest", buildSignerDigest);
    put(literals, "runnerEnvironment", runnerEnvironment);
    put(literals, "sourceDigest", sourceDigest);
    put(literals, "sourceRepositoryId", sourceRepositoryId);
    put(literals, "sourceOwner", sourceOwner);
    put(literals, "sourceOwnerId", sourceOwnerId);
    put(literals, "buildConfigDigest", buildConfigDigest);
    put(literals, "buildTrigger", buildTrigger);
    put(literals, "runInvocation", runInvocation);
    put(literals, "visibility", visibility);
    put(literals, "deploymentEnvironment", deploymentEnvironment);
    put(literals, "tokenSubject", tokenSubject);
    return Collections.unmodifiableMap(literals);
  }

  /// The claims that must match, by their names here without `RegExp`.
  public Map<String, String> patterns() {
    var patterns = new LinkedHashMap<String, String>();
    put(patterns, "issuer", issuerRegExp);
    put(patterns, "subject", subjectRegExp);
    put(patterns, "sourceRepository", sourceRepositoryRegExp);
    put(patterns, "sourceRef", sourceRefRegExp);
    put(patterns, "buildSigner", buildSignerRegExp);
    put(patterns, "buildConfig", buildConfigRegExp);
    return Collections.unmodifiableMap(patterns);
  }

  private static void put(Map<String, String> map, String name, @Nullable String value) {
    if (value != null) {
      map.put(name, value);
    }
  }
}
