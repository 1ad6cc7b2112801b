package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME;
import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_NOW;
import static dev.referee.verify.decision.Reason.IDENTITY_MISMATCH;
import static dev.referee.verify.decision.Reason.SIGNATURE_EXPIRED;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.TIMESTAMP_MISSING;
import static dev.referee.verify.decision.Reason.UNTRUSTED_CERTIFICATE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.api.v1alpha1.NotationSpec;
import dev.referee.api.v1alpha1.NotationTrustStoresSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.SignerSpec;
import dev.referee.api.v1alpha1.ValueSpec;
import dev.referee.oci.Descriptor;
import dev.referee.oci.MediaType;
import dev.referee.testing.Samples;
import dev.referee.verify.Judge;
import dev.referee.verify.Policies;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.notation.EnvelopeShape.Format;
import dev.referee.verify.policy.PolicySet;
import dev.referee.verify.revocation.RevocationSource;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sweep.ByteSweep;
import dev.referee.verify.sweep.JsonPlaces;
import dev.referee.verify.sweep.Places;
import dev.referee.verify.sweep.TokenCover;
import dev.referee.verify.sweep.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the client of the Notary Project left in the shared samples.
class NotationSamplesTest {
  private static final Descriptor ARTIFACT =
      new Descriptor(MediaType.OCI_INDEX, Samples.SUBJECT, 393);

  /// An hour after they were signed, while their certificate was valid.
  private static final Instant THEN = Instant.parse("2026-11-23T17:34:48Z");

  private static final Instant SIGNED = Instant.parse("2026-11-23T16:34:48Z");
  private static final String AGENT = "notation-go/1.3.2";
  private static final Instant LATER = Instant.parse("2027-06-01T00:00:00Z");

  /// Nobody vouches for these, because they prove nothing.
  private static final Set<String> UNSIGNED =
      Set.of(
          "the signing agent",
          "value of /header/io.cncf.notary.signingAgent",
          // Where no authority for timestamps is trusted, none is looked at.
          "value of /header/io.cncf.notary.timestampSignature");

  private Path folder = Path.of("");

  @BeforeEach
  void findFolder() {
    assumeTrue(Samples.folder().isPresent(), "SKIPPED: the folder of shared samples is not there");
    folder = Samples.folder().orElseThrow();
  }

  /// The three samples.
  enum Sample {
    JWS("notation-jws/blob_8bf6e0271c8a", Format.JWS),
    JWS_WITH_TIMESTAMP("notation-jws-tsa/blob_27887b9d36a1", Format.JWS),
    COSE("notation-cose/blob_81a3f92e0741", Format.COSE);

    private final String file;
    private final Format format;

    Sample(String file, Format format) {
      this.file = file;
      this.format = format;
    }
  }

  private byte[] bytes(Sample sample) {
    try {
      return Files.readAllBytes(folder.resolve(sample.file));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate certificate(String file) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(Files.readAllBytes(folder.resolve(file))));
    } catch (IOException | CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private NotationTrust trust(boolean timestamps) {
    try {
      return new NotationTrust(
          TrustStores.of(
              List.of(certificate("notation-acme-test.crt")),
              List.of(),
              timestamps ? List.of(certificate("root.pem")) : List.of()),
          TrustedIdentities.of(List.of("x509.subject: C=US, ST=WA, O=Notary")),
          VerificationLevel.STRICT.actions(Map.of()),
          TimestampUse.ALWAYS);
    } catch (UnusableNotationTrustException e) {
      throw new IllegalStateException(e);
    }
  }

  private NotationSignature verify(Sample sample, byte[] bytes, NotationTrust trust, Instant now)
      throws UnprovenException {
    return NotationVerifier.verify(
        bytes,
        sample.format.type(),
        ARTIFACT,
        trust,
        InstantSource.fixed(now),
        RevocationSource.NONE);
  }

  @ParameterizedTest
  @EnumSource(Sample.class)
  void provesEverySampleWhileItsCertificateIsValid(Sample sample) throws UnprovenException {
    var proven = verify(sample, bytes(sample), trust(false), THEN);

    assertThat(proven.subject()).contains("CN=acme-test");
    assertThat(proven.artifact().digest()).isEqualTo(Samples.SUBJECT);
  }

  @ParameterizedTest
  @EnumSource(Sample.class)
  void refusesEverySampleOfAnotherArtifactOrSigner(Sample sample) {
    var other = new Descriptor(MediaType.OCI_INDEX, Samples.SUBJECT, 394);
    var refusal =
        catchThrowableOfType(
            UnprovenException.class,
            () ->
                NotationVerifier.verify(
                    bytes(sample),
                    sample.format.type(),
                    other,
                    trust(false),
                    InstantSource.fixed(THEN),
                    RevocationSource.NONE));
    assertThat(refusal.reason()).isEqualTo(SUBJECT_MISMATCH);

    var notary = new Notary();
    refusal =
        catchThrowableOfType(
            UnprovenException.class, () -> verify(sample, bytes(sample), notary.trust(), THEN));
    assertThat(refusal.reason()).isEqualTo(UNTRUSTED_CERTIFICATE);
  }

  /// The timestamp is real and by the authority that is trusted. Its clock may have been a second
  /// early, and the certificate was made in that very second, so by the specification it does not
  /// prove that the certificate was valid already. Without it, or later, nothing does either.
  @Test
  void n56TakesARealTimestampByItsWord() throws UnprovenException {
    var stamped = Sample.JWS_WITH_TIMESTAMP;
    var envelope = Envelope.read(bytes(stamped), stamped.format.type(), 1 << 20);
    var timestamp =
        Countersignature.verify(
            envelope.timestamp(), envelope.signature(), List.of(certificate("root.pem")));
    assertThat(timestamp.time()).isEqualTo(SIGNED);
    assertThat(timestamp.accuracy()).isEqualTo(Duration.ofSeconds(1));

    assertThat(reason(stamped, trust(true), LATER)).isEqualTo(CERTIFICATE_NOT_VALID_AT_PROVEN_TIME);
    assertThat(reason(stamped, trust(false), LATER)).isEqualTo(CERTIFICATE_NOT_VALID_NOW);
    assertThat(reason(Sample.JWS, trust(true), LATER)).isEqualTo(TIMESTAMP_MISSING);
  }

  private Reason reason(Sample sample, NotationTrust trust, Instant now) {
    return catchThrowableOfType(
            UnprovenException.class, () -> verify(sample, bytes(sample), trust, now))
        .reason();
  }

  /// The sample in COSE says until when it is good: a day.
  @Test
  void honoursARealExpiry() throws UnprovenException {
    var expiry = Instant.parse("2026-11-24T16:34:48Z");
    var proven = verify(Sample.COSE, bytes(Sample.COSE), trust(false), expiry.minusSeconds(1));
    assertThat(proven.until()).isEqualTo(expiry);

    var refusal =
        catchThrowableOfType(
            UnprovenException.class,
            () -> verify(Sample.COSE, bytes(Sample.COSE), trust(false), expiry));
    assertThat(refusal.reason()).isEqualTo(SIGNATURE_EXPIRED);
  }

  /// From the policy to the decision: found by the tag that notation writes, and about the image by
  /// the image's own bytes.
  @ParameterizedTest
  @EnumSource(Sample.class)
  void decidesByAPolicy(Sample sample) throws IOException {
    var repository = Samples.repository(folder.resolve(sample.file).resolveSibling(""));
    var then = new Judge(repository, InstantSource.fixed(THEN));

    then.assertAllowed(Samples.SUBJECT, policies("x509.subject: C=US, ST=WA, O=Notary"));
    then.assertDenied(
        Samples.SUBJECT, policies("x509.subject: C=US, ST=NY, O=Notary"), IDENTITY_MISMATCH);
    new Judge(repository, InstantSource.fixed(LATER))
        .assertDenied(
            Samples.SUBJECT,
            policies("x509.subject: C=US, ST=WA, O=Notary"),
            sample == Sample.COSE ? SIGNATURE_EXPIRED : CERTIFICATE_NOT_VALID_NOW);
  }

  private PolicySet policies(String identity) throws IOException {
    var root = ValueSpec.of(Files.readString(folder.resolve("notation-acme-test.crt")));
    Resource signer =
        new Resource.Signer(
            ResourceId.clusterWide(ResourceKind.CLUSTER_SIGNER, "acme"),
            SignerSpec.of(
                new NotationSpec(
                    new NotationTrustStoresSpec(root, null, null),
                    List.of(identity),
                    null,
                    null,
                    null)));
    return Policies.of(List.of(signer), Policies.signed("acme"));
  }

  /// Every byte of an envelope. What may change is what nobody signs and nobody believes.
  @ParameterizedTest
  @EnumSource(Sample.class)
  void provesNoMoreWithAnyByteChanged(Sample sample) throws UnprovenException {
    var original = bytes(sample);
    var trust = trust(false);
    ByteSweep.run(
        sample.file,
        original,
        sample.format == Format.COSE ? agent(original) : JsonPlaces.of(original),
        UNSIGNED,
        changed -> verdict(sample, changed, verify(sample, changed, trust, THEN)));
  }

  private static Verdict verdict(Sample sample, byte[] bytes, NotationSignature proven)
      throws UnprovenException {
    var envelope = Envelope.read(bytes, sample.format.type(), 1 << 20);
    return new Verdict(
        List.of(EnvelopeShape.base64(envelope.payload()), envelope.headers(), proven.artifact()),
        List.of(proven.signer(), envelope.certificates()),
        List.of(envelope.headers().signingTime()),
        proven.until());
  }

  private static Places agent(byte[] envelope) {
    int from = new String(envelope, ISO_8859_1).indexOf(AGENT);
    return Places.range(from, from + AGENT.length(), "the signing agent", "elsewhere");
  }

  /// Every byte of the timestamp. What may change is what no signature covers, such as the root
  /// that the authority brings along and the list of hashes that it used: never the time, the
  /// certificate of whoever signed, what is signed about both, and the signature.
  @Test
  void provesNoMoreWithAnyByteOfATimestampChanged() throws UnprovenException {
    var sample = Sample.JWS_WITH_TIMESTAMP;
    var envelope = Envelope.read(bytes(sample), sample.format.type(), 1 << 20);
    var token = requireNonNull(envelope.timestamp(), "the sample has a timestamp");
    var trusted = List.of(certificate("root.pem"));
    var cover = TokenCover.of(token, token);
    assertThat(cover.signed().cardinality() + cover.certificate().cardinality())
        .isGreaterThan(token.length / 2);
    ByteSweep.run(
        sample.file + ", timestamp",
        token,
        cover.places(),
        Set.of("what nobody signs"),
        changed -> {
          var stamp = Countersignature.verify(changed, envelope.signature(), trusted);
          return new Verdict(
              List.of(stamp.earliest(), stamp.latest()),
              stamp.chain(),
              List.of(stamp.time()),
              Instant.MAX);
        });
  }

  /// Every beginning of an envelope, and an envelope with something after it.
  @ParameterizedTest
  @EnumSource(Sample.class)
  void refusesEveryTruncation(Sample sample) {
    var original = bytes(sample);
    for (int length = 0; length <= original.length; length++) {
      var changed =
          length == original.length
              ? Arrays.copyOf(original, length + 1)
              : Arrays.copyOf(original, length);
      assertThat(
              catchThrowableOfType(
                  UnprovenException.class, () -> verify(sample, changed, trust(false), THEN)))
          .as("%d bytes", length)
          .isNotNull();
    }
  }
}
