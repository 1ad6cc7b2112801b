package dev.referee.testing.sigstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/// A Sigstore instance: who issues certificates, who logs them, who logs signatures, who says when.
/// What it signs verifies by its trust root; what its drafts are told to do wrong does not.
public final class VirtualSigstore {
  /// Since when it trusts its own parts, before now.
  private static final Duration TRUSTED_SINCE = Duration.ofDays(365);

  private final SecureRandom random;
  private final Clock clock;
  private final SigningAuthority authority;
  private final SeededKey certificateLog;
  private final TransparencyLog rekor1;
  private final TransparencyLog rekor2;
  private final TimestampAuthority timestamps;

  private VirtualSigstore(
      SecureRandom random,
      Clock clock,
      SigningAuthority authority,
      TimestampAuthority timestamps,
      int otherEntries) {
    this.random = requireNonNull(random, "random is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.authority = requireNonNull(authority, "authority is null");
    this.timestamps = requireNonNull(timestamps, "timestamps is null");
    this.certificateLog = SeededKey.generate(SeededKey.Kind.P256, random);
    this.rekor1 =
        TransparencyLog.create(
            TransparencyLog.Version.V1, "rekor1.referee.test", random, otherEntries);
    this.rekor2 =
        TransparencyLog.create(
            TransparencyLog.Version.V2, "rekor2.referee.test", random, otherEntries);
  }

  /// An instance as it should be.
  ///
  /// @param seed what its keys, and everything it makes, come from
  /// @param clock when it is
  public static VirtualSigstore create(long seed, Clock clock) {
    return create(seed, clock, 12);
  }

  /// The same with logs of another size.
  ///
  /// @param otherEntries how many entries of others its logs begin with
  public static VirtualSigstore create(long seed, Clock clock, int otherEntries) {
    var random = new SeededRandom(seed);
    var now = clock.instant();
    return new VirtualSigstore(
        random,
        clock,
        SigningAuthority.create(random, "referee.test", now, _ -> {}, _ -> {}),
        TimestampAuthority.create(random, "referee.test", now, _ -> {}),
        otherEntries);
  }

  /// An instance whose authority is made otherwise.
  ///
  /// @param root what is different about its root
  /// @param intermediate what is different about its intermediate certificate
  public static VirtualSigstore withAuthority(
      long seed,
      Clock clock,
      Consumer<CertificateDraft> root,
      Consumer<CertificateDraft> intermediate) {
    var random = new SeededRandom(seed);
    var now = clock.instant();
    return new VirtualSigstore(
        random,
        clock,
        SigningAuthority.create(random, "referee.test", now, root, intermediate),
        TimestampAuthority.create(random, "referee.test", now, _ -> {}),
        12);
  }

  /// An instance whose timestamp authority signs with a certificate that is made otherwise.
  public static VirtualSigstore withTimestampAuthority(
      long seed, Clock clock, Consumer<CertificateDraft> change) {
    var random = new SeededRandom(seed);
    var now = clock.instant();
    return new VirtualSigstore(
        random,
        clock,
        SigningAuthority.create(random, "referee.test", now, _ -> {}, _ -> {}),
        TimestampAuthority.create(random, "referee.test", now, change),
        12);
  }

  public Instant now() {
    return clock.instant();
  }

  public SigningAuthority authority() {
    return authority;
  }

  /// The key of the log of certificates.
  public SeededKey certificateLog() {
    return certificateLog;
  }

  /// The log that promises and knows the time.
  public TransparencyLog rekor1() {
    return rekor1;
  }

  /// The log that only proves.
  public TransparencyLog rekor2() {
    return rekor2;
  }

  public TimestampAuthority timestamps() {
    return timestamps;
  }

  /// A new key out of the same seed.
  public SeededKey newKey(SeededKey.Kind kind) {
    return SeededKey.generate(kind, random);
  }

  SecureRandom random() {
    return random;
  }

  /// A signature that is about to be made over an artifact.
  public Signing message(byte[] artifact) {
    return new Signing(this, new SignedPart.Message(artifact));
  }

  /// A signature that is about to be made over an in-toto statement.
  public Signing statement(byte[] statement) {
    return new Signing(this, new SignedPart.Envelope(SignedPart.IN_TOTO, statement));
  }

  /// The same over any other payload.
  public Signing envelope(String payloadType, byte[] payload) {
    return new Signing(this, new SignedPart.Envelope(payloadType, payload));
  }

  /// Its trust root (sigstore/protobuf-specs, `sigstore_trustroot.proto`).
  public byte[] trustRoot() {
    return trustRoot(_ -> {});
  }

  /// The same with something that is different about it.
  public byte[] trustRoot(Consumer<ObjectNode> change) {
    var root = JsonNodeFactory.instance.objectNode();
    root.put("mediaType", "application/vnd.dev.sigstore.trustedroot+json;version=0.1");
    var logs = root.putArray("tlogs");
    log(logs.addObject(), rekor1.host(), rekor1.key(), rekor1.id(), "PKIX_ECDSA_P256_SHA_256");
    log(logs.addObject(), rekor2.host(), rekor2.key(), rekor2.id(), "PKIX_ED25519");
    authority(
        root.putArray("certificateAuthorities").addObject(),
        "fulcio.referee.test",
        authority.chain());
    log(
        root.putArray("ctlogs").addObject(),
        "ct.referee.test",
        certificateLog,
        certificateLog.id(),
        "PKIX_ECDSA_P256_SHA_256");
    authority(
        root.putArray("timestampAuthorities").addObject(), "tsa.referee.test", timestamps.chain());
    change.accept(root);
    return root.toString().getBytes(UTF_8);
  }

  private void log(ObjectNode log, String host, SeededKey key, byte[] id, String details) {
    log.put("baseUrl", "https://" + host);
    log.put("hashAlgorithm", "SHA2_256");
    var publicKey = log.putObject("publicKey");
    publicKey.put("rawBytes", base64(key.encoded()));
    publicKey.put("keyDetails", details);
    publicKey.putObject("validFor").put("start", now().minus(TRUSTED_SINCE).toString());
    log.putObject("logId").put("keyId", base64(id));
  }

  private void authority(ObjectNode authority, String host, List<X509Certificate> chain) {
    authority.putObject("subject").put("organization", "referee.test").put("commonName", host);
    authority.put("uri", "https://" + host);
    var certificates = authority.putObject("certChain").putArray("certificates");
    chain.forEach(
        certificate ->
            certificates.addObject().put("rawBytes", base64(EntryBodies.der(certificate))));
    authority.putObject("validFor").put("start", now().minus(TRUSTED_SINCE).toString());
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
