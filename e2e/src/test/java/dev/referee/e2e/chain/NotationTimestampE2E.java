package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.junit.WithClients;
import dev.referee.testing.tls.Pem;
import dev.referee.verify.notation.EnvelopeShape;
import dev.referee.verify.notation.EnvelopeShape.Format;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.pki.Issued;
import dev.referee.verify.pki.Timestamper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// When signatures of the Notary Project were made, by timestamp authorities (RFC 3161) and by
/// signing authorities, as the real notation sees it and as we do.
@WithClients
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotationTimestampE2E {
  private static final String ACME = "x509.subject: C=US, ST=WA, O=Acme";
  private static final String RELEASE = "C=US,ST=WA,L=Seattle,O=Acme,CN=release";

  private final Instant now = Instant.now();
  private final Issued root = authority("C=US,O=Acme,CN=root");
  private final Issued signer = signer(10);
  private final Issued expired = signer(-2);
  private final Issued timeRoot = authority("C=US,O=Time,CN=root");
  private final Issued otherTimeRoot = authority("C=US,O=Time,CN=root");
  private final Timestamper time = timestamper(timeRoot);
  private final Map<String, Timestamper> authorities =
      Map.of("time", time, "other", timestamper(otherTimeRoot));

  private final LoopbackSite site = LoopbackSite.open();
  private Clients clients;
  private NotationVerdicts verdicts;

  private Issued authority(String name) {
    return CertificateShape.authority(name).valid(daysFromNow(-400), daysFromNow(400)).selfSigned();
  }

  private Issued signer(int untilDay) {
    return CertificateShape.signer(RELEASE)
        .valid(daysFromNow(-10), daysFromNow(untilDay))
        .issuedBy(root);
  }

  private Timestamper timestamper(Issued issuer) {
    return new Timestamper(
        CertificateShape.timestamper("C=US,O=Time,CN=time")
            .valid(daysFromNow(-400), daysFromNow(400))
            .issuedBy(issuer),
        1);
  }

  private Instant daysFromNow(int days) {
    return now.plus(Duration.ofDays(days));
  }

  @BeforeAll
  void start(Clients clients) {
    this.clients = clients;
    verdicts = new NotationVerdicts(clients);
    verdicts.notation().key("release", signer);
    for (var kind : new String[] {"ca", "signingAuthority"}) {
      verdicts.store(kind, "acme", Pem.of(root.certificate()));
    }
    verdicts.store("tsa", "time", Pem.of(timeRoot.certificate()));
    verdicts.store("tsa", "other", Pem.of(otherTimeRoot.certificate()));
  }

  @AfterAll
  void stop() {
    if (verdicts != null) {
      verdicts.close();
    }
    site.close();
  }

  private static NotationPolicy strict() {
    return NotationPolicy.strict("acme", ACME);
  }

  /// notation asks an authority over HTTP and puts what it answers into the envelope.
  @ParameterizedTest
  @EnumSource(Format.class)
  void agreesAboutTimestampsThatNotationAskedFor(Format format) throws IOException {
    var image = verdicts.image("stamped-" + name(format));
    var address =
        site.serve(
            "/stamp-" + name(format),
            "application/timestamp-reply",
            request -> time.answer(request, Instant.now()));
    sign(image, format, address, Pem.of(timeRoot.certificate()));

    verdicts.assertBoth(image, strict().and("tsa", "time"), "allowed");
    verdicts.assertBoth(image, strict(), "allowed");
    verdicts.assertBoth(image, strict().and("tsa", "other"), "TIMESTAMP_UNTRUSTED");
    verdicts.assertBoth(
        image, strict().and("tsa", "other").timestamp("afterCertExpiry"), "allowed");
    verdicts.assertBoth(image, strict().and("tsa", "other").level("permissive"), "noted");
  }

  /// The same with the timestamp authority of a Sigstore instance.
  @Test
  void agreesAboutTimestampsOfTheAuthorityOfSigstore() throws IOException {
    var sigstore = PrivateSigstore.fromEnvironment(clients.home());
    var authority = Files.readString(sigstore.signingConfig("pki/tsa-root.crt"));
    verdicts.store("tsa", "sigstore", authority);
    for (var format : Format.values()) {
      var image = verdicts.image("stamped-by-sigstore-" + name(format));
      sign(image, format, sigstore.url("TSA_URL"), authority);

      verdicts.assertBoth(image, strict().and("tsa", "sigstore"), "allowed");
      verdicts.assertBoth(image, strict().and("tsa", "time"), "TIMESTAMP_UNTRUSTED");
    }
  }

  private void sign(String image, Format format, String authority, String rootPem)
      throws IOException {
    Path file = clients.home().resolve("timestamp-root.pem");
    Files.writeString(file, rootPem);
    verdicts
        .notation()
        .sign(
            "release",
            name(format),
            image,
            "--timestamp-url",
            authority,
            "--timestamp-root-cert",
            file.toString());
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void agreesAboutSignaturesWithoutTimestamp(Format format) throws IOException {
    var image = verdicts.image("unstamped-" + name(format));
    verdicts.notation().sign("release", name(format), image);

    verdicts.assertBoth(image, strict(), "allowed");
    verdicts.assertBoth(image, strict().and("tsa", "time"), "TIMESTAMP_MISSING");
    verdicts.assertBoth(image, strict().and("tsa", "time").timestamp("afterCertExpiry"), "allowed");
  }

  /// The signer's certificate ended two days ago.
  @ParameterizedTest
  @CsvSource({
    "JWS,  time,  -5, time,  always,          allowed",
    "COSE, time,  -5, time,  always,          allowed",
    "JWS,  time,  -5, time,  afterCertExpiry, allowed",
    "COSE, time,  -5, -,     always,          CERTIFICATE_NOT_VALID_NOW",
    "JWS,  -,     0,  -,     always,          CERTIFICATE_NOT_VALID_NOW",
    "COSE, -,     0,  time,  always,          TIMESTAMP_MISSING",
    "JWS,  -,     0,  time,  afterCertExpiry, TIMESTAMP_MISSING",
    "COSE, time,  -1, time,  always,          CERTIFICATE_NOT_VALID_AT_PROVEN_TIME",
    "JWS,  time, -11, time,  always,          CERTIFICATE_NOT_VALID_AT_PROVEN_TIME",
    "COSE, other, -5, time,  always,          TIMESTAMP_UNTRUSTED",
    "JWS,  other, -5, other, always,          allowed",
  })
  void agreesAboutExpiredSigners(
      Format format, String stampedBy, int day, String store, String use, String expected)
      throws IOException {
    var image =
        verdicts.image(
            "expired-%s%s-%s-%s".formatted(stampedBy, day, store, use).toLowerCase(Locale.ROOT)
                + name(format));
    var envelope = envelope(format, expired, image);
    if (!stampedBy.equals("-")) {
      envelope.timestamp(requireNonNull(authorities.get(stampedBy), stampedBy), daysFromNow(day));
    }
    attach(envelope, format, image);
    var policy = store.equals("-") ? strict() : strict().and("tsa", store);

    verdicts.assertBoth(image, policy.timestamp(use), expected);
  }

  /// A signing authority is believed when it says that it signed, by a store of its own alone.
  @ParameterizedTest
  @CsvSource({
    "JWS,  10, -5,  signingAuthority, allowed",
    "COSE, 10, -5,  signingAuthority, allowed",
    "JWS,  -2, -5,  signingAuthority, allowed",
    "COSE, -2, -5,  signingAuthority, allowed",
    "JWS,  -2, -1,  signingAuthority, CERTIFICATE_NOT_VALID_AT_PROVEN_TIME",
    "COSE, 10, -11, signingAuthority, CERTIFICATE_NOT_VALID_AT_PROVEN_TIME",
    "JWS,  10, -5,  ca,               UNTRUSTED_CERTIFICATE",
    "COSE, 10, -5,  ca,               UNTRUSTED_CERTIFICATE",
  })
  void agreesAboutSigningAuthorities(
      Format format, int untilDay, int day, String store, String expected) throws IOException {
    var image =
        verdicts.image(
            "authority-%s-%d%d-%s"
                .formatted(name(format), untilDay, day, store.toLowerCase(Locale.ROOT)));
    attach(
        envelope(format, signer(untilDay), image).bySigningAuthority(seconds(daysFromNow(day))),
        format,
        image);
    var policy = store.equals("ca") ? strict() : NotationPolicy.ofSigningAuthority("acme", ACME);

    verdicts.assertBoth(image, policy, expected);
    if (expected.equals("allowed")) {
      verdicts.assertBoth(image, policy.and("ca", "acme"), expected);
      verdicts.assertBoth(image, policy.and("tsa", "time"), expected);
      verdicts.assertBoth(
          image,
          NotationPolicy.ofSigningAuthority("acme", "x509.subject: C=US, ST=NY, O=Acme"),
          "IDENTITY_MISMATCH");
    }
  }

  /// Whoever is believed when they say when they signed is not thereby believed to have signed.
  @ParameterizedTest
  @EnumSource(Format.class)
  void trustsNoSignerByTheStoreForSigningAuthorities(Format format) throws IOException {
    var image = verdicts.image("no-authority-" + name(format));
    verdicts.notation().sign("release", name(format), image);

    verdicts.assertBoth(
        image, NotationPolicy.ofSigningAuthority("acme", ACME), "UNTRUSTED_CERTIFICATE");
  }

  private EnvelopeShape envelope(Format format, Issued by, String image) {
    return new EnvelopeShape(format, by)
        .signedAt(seconds(daysFromNow(-5)))
        .payload(EnvelopeShape.payload(verdicts.notation().descriptor(image)));
  }

  private void attach(EnvelopeShape envelope, Format format, String image) {
    verdicts.notation().attach(envelope.bytes(), format.type(), image);
  }

  /// Envelopes know seconds.
  private static Instant seconds(Instant time) {
    return Instant.ofEpochSecond(time.getEpochSecond());
  }

  private static String name(Format format) {
    return format.name().toLowerCase(Locale.ROOT);
  }
}
