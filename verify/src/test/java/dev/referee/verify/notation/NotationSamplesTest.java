package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME;
import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_NOW;
import static dev.referee.verify.decision.Reason.SIGNATURE_EXPIRED;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.TIMESTAMP_MISSING;
import static dev.referee.verify.decision.Reason.UNTRUSTED_CERTIFICATE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.oci.Descriptor;
import dev.referee.oci.MediaType;
import dev.referee.testing.Samples;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.notation.EnvelopeShape.Format;
import dev.referee.verify.revocation.RevocationSource;
import dev.referee.verify.signature.UnprovenException;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
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

  /// Every byte, changed in two ways: another digit, and another case. What may change is what
  /// nobody signs and nobody believes: the name of the program that signed. Everything that is
  /// proven stays the same then.
  @ParameterizedTest
  @EnumSource(Sample.class)
  void refusesEveryChangedByte(Sample sample) throws UnprovenException {
    var original = bytes(sample);
    var proven = verify(sample, original, trust(false), THEN);
    var text = new String(original, ISO_8859_1);
    int agent = text.indexOf(AGENT);
    // Nobody looks at a timestamp where no authority for them is trusted.
    int token = text.indexOf(Headers.TIMESTAMP_SIGNATURE);
    int tokenEnd = token < 0 ? -1 : text.indexOf("\",", token);
    var accepted = new ArrayList<String>();
    sweep(
        original,
        (changed, at) -> {
          assertThat(verify(sample, changed, trust(false), THEN)).isEqualTo(proven);
          boolean isAgent = at >= agent && at < agent + AGENT.length();
          if (!isAgent && (at < token || at >= tokenEnd)) {
            accepted.add("byte %d".formatted(at));
          }
        });
    assertThat(accepted).isEmpty();
  }

  /// Every byte of the timestamp. What may change is what no signature covers, such as the root
  /// that the authority brings along and the list of hashes that it used: never the time, the
  /// certificate of whoever signed, what is signed about both, and the signature.
  @Test
  void refusesEveryChangedByteOfATimestamp() throws UnprovenException, CMSException {
    var sample = Sample.JWS_WITH_TIMESTAMP;
    var envelope = Envelope.read(bytes(sample), sample.format.type(), 1 << 20);
    var token = requireNonNull(envelope.timestamp(), "the sample has a timestamp");
    var trusted = List.of(certificate("root.pem"));
    var proven = Countersignature.verify(token, envelope.signature(), trusted);
    var covered = covered(token);
    var accepted = new ArrayList<String>();
    sweep(
        token,
        (changed, at) -> {
          assertThat(Countersignature.verify(changed, envelope.signature(), trusted))
              .isEqualTo(proven);
          if (covered.get(at)) {
            accepted.add("byte %d".formatted(at));
          }
        });
    assertThat(covered.cardinality()).isGreaterThan(token.length / 2);
    assertThat(accepted).isEmpty();
  }

  private BitSet covered(byte[] token) throws CMSException {
    var signed = new CMSSignedData(token);
    var signer = signed.getSignerInfos().getSigners().iterator().next();
    byte[] attributes;
    try {
      attributes = signer.getEncodedSignedAttributes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    var covered = new BitSet();
    for (var part :
        List.of(
            (byte[]) signed.getSignedContent().getContent(),
            EnvelopeShape.der(certificate("tsa.pem")),
            // Its tag is another where it stands.
            Arrays.copyOfRange(attributes, 1, attributes.length),
            signer.getSignature())) {
      int from = new String(token, ISO_8859_1).indexOf(new String(part, ISO_8859_1));
      assertThat(from).isPositive();
      covered.set(from, from + part.length);
    }
    return covered;
  }

  private interface Verification {
    void verify(byte[] changed, int at) throws UnprovenException;
  }

  private static void sweep(byte[] original, Verification verification) {
    for (int at = 0; at < original.length; at++) {
      for (int bit : new int[] {0, 5}) {
        var changed = original.clone();
        changed[at] ^= (byte) (1 << bit);
        try {
          verification.verify(changed, at);
        } catch (UnprovenException e) {
          assertThat(e.reason().isTransport()).isFalse();
        }
      }
    }
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
