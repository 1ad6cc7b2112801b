package dev.referee.testing.sigstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.testing.sigstore.SignedPart.Envelope;
import dev.referee.testing.sigstore.SignedPart.Message;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.cert.X509CertificateHolder;
import org.jspecify.annotations.Nullable;

/// A signature that is about to be made: by default with a certificate of a workflow that is in the
/// log of certificates, and in Rekor v1.
public final class Signing {
  /// Whose certificate it is, unless it is told otherwise.
  public static final String WORKFLOW =
      "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main";

  public static final String ISSUER = "https://token.actions.githubusercontent.com";

  /// What a bundle of each version calls itself.
  public static final String V0_1 = "application/vnd.dev.sigstore.bundle+json;version=0.1";

  public static final String V0_2 = "application/vnd.dev.sigstore.bundle+json;version=0.2";
  public static final String V0_3 = "application/vnd.dev.sigstore.bundle.v0.3+json";

  /// How long the log and the timestamp authority take.
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final VirtualSigstore sigstore;
  private final SignedPart part;
  private final Instant now;
  private final List<Consumer<CertificateTimestampDraft>> certificateTimestamps = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private final List<Consumer<TimestampDraft>> timestamps = new ArrayList<>();
  private final List<X509Certificate> intermediates = new ArrayList<>();
  private String version = V0_3;
  private SeededKey.Kind keyKind = SeededKey.Kind.P256;
  private @Nullable SeededKey signer;
  private @Nullable SeededKey issuer;
  private boolean certified = true;
  private boolean inToto;
  private boolean entriesChosen;
  private boolean certificateTimestampsChosen;
  private Consumer<CertificateDraft> certificate = _ -> {};
  private Consumer<ObjectNode> change = _ -> {};

  private record Entry(TransparencyLog log, Consumer<EntryDraft> change) {}

  Signing(VirtualSigstore sigstore, SignedPart part) {
    this.sigstore = requireNonNull(sigstore, "sigstore is null");
    this.part = requireNonNull(part, "part is null");
    this.now = sigstore.now();
  }

  /// The version of the bundle; before 0.3 it has a list of certificates.
  public Signing version(String mediaType) {
    version = mediaType;
    return this;
  }

  /// What kind of key is certified.
  public Signing keyKind(SeededKey.Kind kind) {
    keyKind = kind;
    return this;
  }

  /// With a certificate for that key, or, [#withKeyAlone()], without.
  public Signing key(SeededKey key) {
    signer = key;
    return this;
  }

  /// With a key that no certificate is for.
  public Signing withKeyAlone() {
    certified = false;
    return this;
  }

  /// What is different about the certificate; the log of certificates and the authority sign it
  /// like that.
  public Signing certificate(Consumer<CertificateDraft> difference) {
    certificate = certificate.andThen(difference);
    return this;
  }

  /// In the authority's name, by another key.
  public Signing issuedBy(SeededKey key) {
    issuer = key;
    return this;
  }

  /// A promise by the log of certificates, with a difference; with none of these it promises as it
  /// should.
  public Signing certificateTimestamp(Consumer<CertificateTimestampDraft> difference) {
    certificateTimestampsChosen = true;
    certificateTimestamps.add(difference);
    return this;
  }

  public Signing withoutCertificateTimestamp() {
    certificateTimestampsChosen = true;
    return this;
  }

  /// An entry in a log; with none of these it is in Rekor v1.
  public Signing entry(TransparencyLog log, Consumer<EntryDraft> difference) {
    entriesChosen = true;
    entries.add(new Entry(log, difference));
    return this;
  }

  public Signing withoutEntries() {
    entriesChosen = true;
    return this;
  }

  /// Entries for envelopes are of the older kind, `intoto`.
  public Signing inTotoEntries() {
    inToto = true;
    return this;
  }

  /// A timestamp of the signature.
  public Signing timestamp(Consumer<TimestampDraft> difference) {
    timestamps.add(difference);
    return this;
  }

  /// A certificate beside the signer's, for versions before 0.3.
  public Signing intermediate(X509Certificate other) {
    intermediates.add(other);
    return this;
  }

  /// What is different about the bundle, after everything is signed.
  public Signing bundle(Consumer<ObjectNode> difference) {
    change = change.andThen(difference);
    return this;
  }

  /// Signs: the bundle in JSON.
  public byte[] sign() {
    return signed().toString().getBytes(UTF_8);
  }

  /// The same as a tree.
  public ObjectNode signed() {
    var key = signer == null ? sigstore.newKey(keyKind) : signer;
    var leaf = certified ? certificate(key) : null;
    var signature = key.sign(part.signed());
    var bundle = JsonNodeFactory.instance.objectNode();
    bundle.put("mediaType", version);
    var material = bundle.putObject("verificationMaterial");
    material(material, key, leaf);
    logged(material, signature, key, leaf);
    stamped(material, signature);
    part.into(bundle, signature);
    change.accept(bundle);
    return bundle;
  }

  private void material(ObjectNode material, SeededKey key, @Nullable X509Certificate leaf) {
    if (leaf == null) {
      material.putObject("publicKey").put("hint", base64(key.id()));
    } else if (version.equals(V0_3)) {
      material.putObject("certificate").put("rawBytes", base64(EntryBodies.der(leaf)));
    } else {
      var list = material.putObject("x509CertificateChain").putArray("certificates");
      list.addObject().put("rawBytes", base64(EntryBodies.der(leaf)));
      intermediates.forEach(
          other -> list.addObject().put("rawBytes", base64(EntryBodies.der(other))));
    }
  }

  private X509Certificate certificate(SeededKey key) {
    var authority = sigstore.authority();
    var draft = authority.leaf(key.publicKey(), now);
    draft.uri(WORKFLOW).bareClaim(1, ISSUER).claim(8, ISSUER);
    certificate.accept(draft);
    var by = issuer == null ? authority.intermediateKey() : issuer;
    var holder = draft.signedBy(by);
    var promises =
        certificateTimestampsChosen
            ? certificateTimestamps
            : List.<Consumer<CertificateTimestampDraft>>of(_ -> {});
    if (!promises.isEmpty()) {
      CertificateTimestamps.into(draft, promised(promises, holder));
      holder = draft.signedBy(by);
    }
    return CertificateDraft.certificate(holder);
  }

  private List<byte[]> promised(
      List<Consumer<CertificateTimestampDraft>> promises, X509CertificateHolder holder) {
    var content = CertificateTimestamps.content(holder);
    var issuerKey = sigstore.authority().intermediateKey().encoded();
    var signed = new ArrayList<byte[]>();
    for (var promise : promises) {
      var draft = new CertificateTimestampDraft(sigstore.certificateLog(), now, issuerKey, content);
      promise.accept(draft);
      signed.add(draft.signed());
    }
    return signed;
  }

  private void logged(
      ObjectNode material, byte[] signature, SeededKey key, @Nullable X509Certificate leaf) {
    var wanted = entriesChosen ? entries : List.of(new Entry(sigstore.rekor1(), _ -> {}));
    if (wanted.isEmpty()) {
      return;
    }
    var list = material.putArray("tlogEntries");
    for (var entry : wanted) {
      var draft =
          new EntryDraft(entry.log(), body(entry.log(), signature, key, leaf), now.plus(MOMENT));
      entry.change().accept(draft);
      list.add(draft.logged());
    }
  }

  private ObjectNode body(
      TransparencyLog log, byte[] signature, SeededKey key, @Nullable X509Certificate leaf) {
    return switch (log.version()) {
      case V2 -> EntryBodies.hashedRekord2(part.signed(), signature, key, leaf);
      case V1 ->
          switch (part) {
            case Message message ->
                EntryBodies.hashedRekord1(message.artifact(), signature, key, leaf);
            case Envelope envelope when inToto ->
                EntryBodies.inToto(
                    envelope.payloadType(), envelope.payload(), signature, key, leaf);
            case Envelope envelope ->
                EntryBodies.dsse(
                    envelope.bytes(signature), envelope.payload(), signature, key, leaf);
          };
    };
  }

  private void stamped(ObjectNode material, byte[] signature) {
    if (timestamps.isEmpty()) {
      return;
    }
    var list = material.putObject("timestampVerificationData").putArray("rfc3161Timestamps");
    for (var timestamp : timestamps) {
      var draft =
          new TimestampDraft(sigstore.random(), sigstore.timestamps(), signature, now.plus(MOMENT));
      timestamp.accept(draft);
      list.addObject().put("signedTimestamp", base64(draft.response()));
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
