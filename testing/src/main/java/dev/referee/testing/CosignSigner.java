package dev.referee.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.ArtifactSink;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Signs and attests with a key in the three forms that cosign has written over time: the v3 bundle
/// as a referrer, the OCI 1.1 mode of cosign 2, and the tags `sha256-<hex>.sig` and `.att`.
public final class CosignSigner {
  public static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
  public static final MediaType SIMPLE_SIGNING =
      MediaType.of("application/vnd.dev.cosign.simplesigning.v1+json");
  public static final MediaType ENVELOPE = MediaType.of("application/vnd.dsse.envelope.v1+json");
  private static final String SIGNATURE = "dev.cosignproject.cosign/signature";

  private final SigningKey key;

  public CosignSigner(SigningKey key) {
    this.key = key;
  }

  /// `cosign sign --key`: the bundle of a statement that the subject is signed, as its referrer.
  public Descriptor sign(ArtifactSink sink, Descriptor subject) throws SourceException {
    return refer(sink, subject, bundle(Statements.signature(subject.digest())));
  }

  /// `cosign attest --key`.
  public Descriptor attest(
      ArtifactSink sink, Descriptor subject, String predicateType, byte[] predicate)
      throws SourceException {
    return refer(
        sink, subject, bundle(Statements.attestation(predicateType, predicate, subject.digest())));
  }

  /// A bundle as a referrer, whatever it states.
  public static Descriptor refer(ArtifactSink sink, Descriptor subject, ObjectNode bundle)
      throws SourceException {
    return Artifacts.attach(
        sink, subject, BUNDLE, MediaType.of(BUNDLE), Json.bytes(bundle), Map.of());
  }

  /// A v0.3 bundle with this key's signature over a statement.
  public ObjectNode bundle(ObjectNode statement) {
    return bundle(Dsse.envelope(Dsse.IN_TOTO, Json.bytes(statement), key), key.hint());
  }

  /// A v0.3 bundle around an envelope.
  public static ObjectNode bundle(ObjectNode envelope, String hint) {
    var bundle = Json.object();
    bundle.put("mediaType", BUNDLE);
    bundle.putObject("verificationMaterial").putObject("publicKey").put("hint", hint);
    bundle.set("dsseEnvelope", envelope);
    return bundle;
  }

  /// The OCI 1.1 mode: a simple-signing payload in a manifest with a subject.
  public Descriptor signOci11(ArtifactSink sink, Descriptor subject, String repository)
      throws SourceException {
    var config =
        sink.putBlob(
            MediaType.of("application/vnd.dev.cosign.artifact.sig.v1+json"),
            "{\"architecture\":\"\",\"os\":\"\"}".getBytes(UTF_8));
    var layer = simpleSigning(sink, subject.digest(), repository);
    return Artifacts.put(
        sink, Artifacts.manifest(config, List.of(layer), null, subject, Map.of()), null);
  }

  /// The tag `sha256-<hex>.sig` with one signature per signer, as several runs of cosign leave it.
  public static Descriptor signTag(
      ArtifactSink sink, Digest subject, String repository, CosignSigner... signers)
      throws SourceException {
    var layers = new ArrayList<Descriptor>();
    for (var signer : signers) {
      layers.add(signer.simpleSigning(sink, subject, repository));
    }
    return putTag(sink, layers, subject.tagForm() + ".sig");
  }

  /// The tag `sha256-<hex>.att` with these envelopes.
  public static Descriptor attestTag(ArtifactSink sink, Digest subject, List<ObjectNode> envelopes)
      throws SourceException {
    var layers = new ArrayList<Descriptor>();
    for (var envelope : envelopes) {
      layers.add(annotated(sink.putBlob(ENVELOPE, Json.bytes(envelope)), Map.of(SIGNATURE, "")));
    }
    return putTag(sink, layers, subject.tagForm() + ".att");
  }

  /// One signature layer: the payload as a blob, its signature as an annotation.
  public Descriptor simpleSigning(ArtifactSink sink, Digest subject, String repository)
      throws SourceException {
    var payload = payload(subject, repository);
    var signature = Base64.getEncoder().encodeToString(key.sign(payload));
    return annotated(sink.putBlob(SIMPLE_SIGNING, payload), Map.of(SIGNATURE, signature));
  }

  private static byte[] payload(Digest subject, String repository) {
    var payload = Json.object();
    var critical = payload.putObject("critical");
    critical.putObject("identity").put("docker-reference", repository);
    critical.putObject("image").put("docker-manifest-digest", subject.toString());
    critical.put("type", "cosign container image signature");
    payload.putNull("optional");
    return Json.bytes(payload);
  }

  private static Descriptor putTag(ArtifactSink sink, List<Descriptor> layers, String tag)
      throws SourceException {
    var config = sink.putBlob(MediaType.OCI_CONFIG, "{\"architecture\":\"\"}".getBytes(UTF_8));
    return Artifacts.put(sink, Artifacts.manifest(config, layers, null, null, Map.of()), tag);
  }

  private static Descriptor annotated(Descriptor descriptor, Map<String, String> annotations) {
    return new Descriptor(
        descriptor.mediaType(), descriptor.digest(), descriptor.size(), null, annotations, null);
  }
}
