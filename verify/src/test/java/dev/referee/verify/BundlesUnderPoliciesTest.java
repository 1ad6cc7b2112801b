package dev.referee.verify;

import static dev.referee.verify.decision.Reason.IDENTITY_MISMATCH;
import static dev.referee.verify.decision.Reason.INCLUSION_PROOF_MISSING;
import static dev.referee.verify.decision.Reason.LOG_ENTRY_MISSING;
import static dev.referee.verify.decision.Reason.LOG_UNKNOWN;
import static dev.referee.verify.decision.Reason.SIGNER_OUTSIDE_VALIDITY;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.UNTRUSTED_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.api.v1alpha1.KeySpec;
import dev.referee.api.v1alpha1.KeylessSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.SignerSpec;
import dev.referee.api.v1alpha1.SigstoreTrustSpec;
import dev.referee.api.v1alpha1.TrustRootSpec;
import dev.referee.api.v1alpha1.ValueSpec;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import dev.referee.testing.Artifacts;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.Statements;
import dev.referee.testing.sigstore.SeededKey;
import dev.referee.testing.sigstore.Signing;
import dev.referee.testing.sigstore.VirtualSigstore;
import dev.referee.verify.policy.PolicySet;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bundles of every version and with both kinds of content, from the policy to the decision.
class BundlesUnderPoliciesTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

  /// The log takes in what is signed at noon a second later.
  private static final Instant LOGGED = NOON.plusSeconds(1);

  private static final Instant LATER = NOON.plusSeconds(86_400);

  private final VirtualSigstore sigstore =
      VirtualSigstore.create(5, Clock.fixed(NOON, ZoneOffset.UTC));
  private final MemoryRepository repository = new MemoryRepository();
  private Descriptor image = new Descriptor(MediaType.OCI_MANIFEST, Digest.of(new byte[0]), 0);
  private byte[] manifest = new byte[0];

  @BeforeEach
  void push() throws SourceException {
    image = Artifacts.image(repository, "app", null);
    manifest = repository.manifest(image.digest()).orElseThrow().bytes();
  }

  private Signing statement() {
    return sigstore.statement(Statements.bytes(Statements.signature(image.digest())));
  }

  private Signing content(String content) {
    return content.equals("message") ? sigstore.message(manifest) : statement();
  }

  private void attach(Signing signing, String version) throws SourceException {
    var bundle = signing.version(version).sign();
    var type = MediaType.of("application/vnd.dev.sigstore.bundle.v0.3+json");
    Artifacts.attach(repository, image, type.value(), type, bundle, Map.of());
  }

  private Judge judge() {
    return new Judge(repository, InstantSource.fixed(LATER));
  }

  private static Resource root(VirtualSigstore instance) {
    return new Resource.TrustRoot(
        ResourceId.clusterWide(ResourceKind.CLUSTER_TRUST_ROOT, "root"),
        new TrustRootSpec(
            new SigstoreTrustSpec(ValueSpec.of(new String(instance.trustRoot(), UTF_8)), null),
            null));
  }

  private static PolicySet policies(VirtualSigstore instance, SignerSpec signer) {
    return Policies.of(
        List.of(
            root(instance),
            new Resource.Signer(
                ResourceId.clusterWide(ResourceKind.CLUSTER_SIGNER, "signer"), signer)),
        Policies.signed("signer"));
  }

  private PolicySet byIdentity(String subject) {
    return byIdentity(sigstore, subject);
  }

  private static PolicySet byIdentity(VirtualSigstore instance, String subject) {
    return policies(
        instance,
        SignerSpec.of(
            new KeylessSpec("root", List.of(Identities.of(Signing.ISSUER, null, subject, null)))));
  }

  private PolicySet byKey(
      SeededKey key, @Nullable String root, @Nullable Instant from, @Nullable Instant until) {
    return policies(
        sigstore,
        new SignerSpec(new KeySpec(key.publicKeyPem(), null, null, null, root, from, until)));
  }

  @ParameterizedTest
  @CsvSource({
    Signing.V0_1 + ", statement",
    Signing.V0_1 + ", message",
    Signing.V0_2 + ", statement",
    Signing.V0_2 + ", message",
    Signing.V0_3 + ", statement",
    Signing.V0_3 + ", message"
  })
  void decidesByIdentity(String version, String content) throws SourceException {
    attach(content(content), version);

    judge().assertAllowed(image.digest(), byIdentity(Signing.WORKFLOW));
    judge().assertDenied(image.digest(), byIdentity(Signing.WORKFLOW + "x"), IDENTITY_MISMATCH);
    judge()
        .assertDenied(
            image.digest(),
            byIdentity(
                VirtualSigstore.create(6, Clock.fixed(NOON, ZoneOffset.UTC)), Signing.WORKFLOW),
            LOG_UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    Signing.V0_1 + ", statement",
    Signing.V0_1 + ", message",
    Signing.V0_2 + ", statement",
    Signing.V0_2 + ", message",
    Signing.V0_3 + ", statement",
    Signing.V0_3 + ", message"
  })
  void decidesByKey(String version, String content) throws SourceException {
    var key = sigstore.newKey(SeededKey.Kind.P256);
    var other = sigstore.newKey(SeededKey.Kind.P256);
    attach(content(content).key(key).withKeyAlone(), version);

    for (var root : new String[] {null, "root"}) {
      judge().assertAllowed(image.digest(), byKey(key, root, null, null));
      judge().assertDenied(image.digest(), byKey(other, root, null, null), UNTRUSTED_KEY);
    }
  }

  /// Only the first version may have nothing but the log's promise.
  @ParameterizedTest
  @ValueSource(strings = {Signing.V0_1, Signing.V0_2, Signing.V0_3})
  void onlyTheFirstVersionNeedsNoProof(String version) throws SourceException {
    attach(
        statement()
            .bundle(
                bundle ->
                    ((ObjectNode) bundle.at("/verificationMaterial/tlogEntries/0"))
                        .remove("inclusionProof")),
        version);
    var policies = byIdentity(Signing.WORKFLOW);

    if (version.equals(Signing.V0_1)) {
      judge().assertAllowed(image.digest(), policies);
    } else {
      judge().assertDenied(image.digest(), policies, INCLUSION_PROOF_MISSING);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "message"})
  void deniesWhatIsAboutAnotherImage(String content) throws SourceException {
    var signed = content(content);
    image = Artifacts.image(repository, "other", null);
    attach(signed, Signing.V0_3);

    judge().assertDenied(image.digest(), byIdentity(Signing.WORKFLOW), SUBJECT_MISMATCH);
  }

  /// N47: the key had been given up, or was not in use yet, when the log took the signature in,
  /// whatever the time is now.
  @Test
  void n47HoldsAKeyToTheTimesThatAreProven() throws SourceException {
    var key = sigstore.newKey(SeededKey.Kind.P256);
    attach(statement().key(key).withKeyAlone(), Signing.V0_3);

    judge().assertAllowed(image.digest(), byKey(key, "root", LOGGED, LOGGED.plusSeconds(1)));
    for (var window :
        List.of(
            byKey(key, "root", null, LOGGED), byKey(key, "root", LOGGED.plusSeconds(1), null))) {
      judge().assertDenied(image.digest(), window, SIGNER_OUTSIDE_VALIDITY);
    }
    // Without a trust root nobody says when it was, so it might be now.
    judge().assertAllowed(image.digest(), byKey(key, null, LOGGED.plusSeconds(1), null));
    judge().assertDenied(image.digest(), byKey(key, null, null, LATER), SIGNER_OUTSIDE_VALIDITY);
  }

  @Test
  void deniesAKeyWithoutTheLogThatItNeeds() throws SourceException {
    var key = sigstore.newKey(SeededKey.Kind.P256);
    attach(sigstore.message(manifest).key(key).withKeyAlone().withoutEntries(), Signing.V0_3);

    judge().assertAllowed(image.digest(), byKey(key, null, null, null));
    judge().assertDenied(image.digest(), byKey(key, "root", null, null), LOG_ENTRY_MISSING);
  }
}
