package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INSTEAD_OF_KEY;
import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_NOW;
import static dev.referee.verify.decision.Reason.IDENTITY_MISMATCH;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static dev.referee.verify.decision.Reason.UNTRUSTED_CERTIFICATE;
import static dev.referee.verify.pki.CertificateShape.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.api.v1alpha1.NotationAction;
import dev.referee.api.v1alpha1.NotationLevel;
import dev.referee.api.v1alpha1.NotationOverrideSpec;
import dev.referee.api.v1alpha1.NotationSpec;
import dev.referee.api.v1alpha1.NotationTrustStoresSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.SignerSpec;
import dev.referee.api.v1alpha1.ValueSpec;
import dev.referee.oci.Descriptor;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.SigningKey;
import dev.referee.testing.tls.Pem;
import dev.referee.verify.Judge;
import dev.referee.verify.Policies;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.decision.DecisionText;
import dev.referee.verify.notation.EnvelopeShape.Format;
import dev.referee.verify.policy.PolicySet;
import dev.referee.verify.policy.Problem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A policy that names a signer of the Notary Project, from the object to the decision.
class NotationSignerTest {
  private static final String TYPE = "application/vnd.cncf.notary.signature";

  private final Notary notary = new Notary();
  private final MemoryRepository repository = new MemoryRepository();
  private Descriptor image = EnvelopeShape.ARTIFACT;
  private Instant now = NOW;

  @BeforeEach
  void push() throws SourceException {
    image = Artifacts.image(repository, "app", "1.0");
  }

  private NotationSpec spec(List<String> identities, @Nullable NotationLevel level) {
    return new NotationSpec(
        new NotationTrustStoresSpec(ValueSpec.of(Pem.of(notary.root.certificate())), null, null),
        identities,
        level,
        null,
        null);
  }

  private static PolicySet policies(NotationSpec spec) {
    Resource signer =
        new Resource.Signer(
            ResourceId.clusterWide(ResourceKind.CLUSTER_SIGNER, "release"), SignerSpec.of(spec));
    return Policies.of(List.of(signer), Policies.signed("release"));
  }

  private PolicySet policies() {
    return policies(spec(List.of("x509.subject: C=US, ST=WA, O=Acme"), null));
  }

  private Judge judge() {
    return new Judge(repository, InstantSource.fixed(now));
  }

  private Descriptor sign(Format format, EnvelopeShape shape) throws SourceException {
    return Artifacts.attach(repository, image, TYPE, format.type(), shape.bytes(), Map.of());
  }

  private EnvelopeShape envelope(Format format) {
    return notary.envelope(format).payload(EnvelopeShape.payload(image));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void allowsWhatTheSignerSigned(Format format) throws SourceException {
    sign(format, envelope(format));

    judge().assertAllowed(image.digest(), policies());
  }

  /// Notation writes the tag and not the API, unless it is told otherwise.
  @ParameterizedTest
  @EnumSource(Format.class)
  void n05FindsSignaturesUnderTheFallbackTag(Format format) throws SourceException {
    repository.withoutReferrersApi();
    repository.fallbackTag(image.digest(), sign(format, envelope(format)));

    judge().assertAllowed(image.digest(), policies());
  }

  @Test
  void deniesNearMisses() throws SourceException {
    var policies = policies();
    var other = Artifacts.image(repository, "other", null);
    sign(Format.JWS, notary.envelope(Format.JWS).payload(EnvelopeShape.payload(other)));
    judge().assertDenied(image.digest(), policies, SUBJECT_MISMATCH);
    // The digest is right, the size is not.
    var size = new Descriptor(image.mediaType(), image.digest(), image.size() + 1);
    sign(Format.COSE, notary.envelope(Format.COSE).payload(EnvelopeShape.payload(size)));
    judge().assertDenied(image.digest(), policies, SUBJECT_MISMATCH);
  }

  @Test
  void deniesStrangersAndOtherIdentities() throws SourceException {
    var stranger = new Notary();
    sign(Format.JWS, stranger.envelope(Format.JWS).payload(EnvelopeShape.payload(image)));
    judge().assertDenied(image.digest(), policies(), UNTRUSTED_CERTIFICATE);
    sign(Format.JWS, envelope(Format.JWS));
    judge()
        .assertDenied(
            image.digest(),
            policies(spec(List.of("x509.subject: C=US, ST=WA, O=Other"), null)),
            IDENTITY_MISMATCH);
  }

  /// Each kind of signer by its own means: cosign's signature is none of a notation signer, and the
  /// other way round.
  @Test
  void n32KeepsKindsOfSignersApart() throws SourceException {
    var key = SigningKey.p256();
    sign(Format.COSE, envelope(Format.COSE));
    judge()
        .assertDenied(
            image.digest(),
            Policies.of(List.of(Policies.signer("ci", key)), Policies.signed("ci")),
            CERTIFICATE_INSTEAD_OF_KEY);

    var cosigned = Artifacts.image(repository, "cosigned", null);
    new CosignSigner(key).sign(repository, cosigned);
    judge().assertDenied(cosigned.digest(), policies(), UNSUPPORTED_EVIDENCE);
  }

  /// A type is a claim: what carries it has to be one envelope.
  @Test
  void n01DeniesWhatIsNoEnvelope() throws SourceException {
    Artifacts.attach(repository, image, TYPE, new byte[] {1, 2, 3});
    judge().assertDenied(image.digest(), policies(), MALFORMED_EVIDENCE);
    Artifacts.attach(
        repository, image, TYPE, MediaType.of("application/cose"), new byte[] {1}, Map.of());
    judge().assertDenied(image.digest(), policies(), MALFORMED_EVIDENCE);
  }

  /// N84: what a level lets pass is told.
  @Test
  void n84TellsWhatIsNotEnforced() throws SourceException {
    sign(Format.JWS, envelope(Format.JWS).expiry(NOW.minusSeconds(1)));
    var decision =
        judge().decide(image.digest(), policies(spec(List.of("*"), NotationLevel.PERMISSIVE)));

    assertThat(decision).isInstanceOf(Decision.Allowed.class);
    assertThat(DecisionText.tree(decision)).contains("not enforced: by its signer's word");
  }

  @Test
  void holdsNoLongerThanItsCertificates() throws SourceException {
    sign(Format.JWS, envelope(Format.JWS));
    var end = notary.signer.certificate().getNotAfter().toInstant();
    now = end.minusSeconds(1);
    judge().assertAllowed(image.digest(), policies());
    now = end.plusSeconds(1);
    judge().assertDenied(image.digest(), policies(), CERTIFICATE_NOT_VALID_NOW);
  }

  @Test
  void namesWhatMakesNoSenseAboutASigner() {
    for (var identities : List.of(List.of("CN=release"), List.of("*", "x509.subject: C=US"))) {
      assertThat(policies(spec(identities, null)).problems())
          .extracting(Problem::reason)
          .contains(Problem.INVALID_IDENTITY);
    }
    var leaf = ValueSpec.of(Pem.of(notary.signer.certificate()));
    var noPem = ValueSpec.of("no certificate");
    for (var ca : List.of(leaf, noPem)) {
      var spec =
          new NotationSpec(
              new NotationTrustStoresSpec(ca, null, null),
              List.of("*"),
              NotationLevel.AUDIT,
              new NotationOverrideSpec(
                  NotationAction.ENFORCE, NotationAction.LOG, null, NotationAction.SKIP),
              null);
      assertThat(policies(spec).problems())
          .extracting(Problem::reason)
          .contains(Problem.INVALID_TRUST_ROOT);
    }
  }
}
