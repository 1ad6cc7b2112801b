package dev.referee.verify.proof;

import dev.referee.oci.Digest;
import dev.referee.verify.signature.NotaryEnvelope;
import dev.referee.verify.signature.SignedBytes;
import dev.referee.verify.signature.SignedContent;
import dev.referee.verify.signature.SignedEnvelope;
import dev.referee.verify.signature.SimpleSigning;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sigstore.Artifact;
import dev.referee.verify.sigstore.Bundle;
import dev.referee.verify.sigstore.BundleReader;
import dev.referee.verify.sigstore.CosignLayer;
import dev.referee.verify.sigstore.Presented;

/// Shows signed content, in whatever form it came, as the one form in which it is proven.
final class Showing {
  private Showing() {}

  static Presented of(SignedContent content, Digest artifact) throws UnprovenException {
    return switch (content) {
      case SimpleSigning simple ->
          CosignLayer.ofSignature(simple.payload(), simple.signature(), simple.annotations());
      case NotaryEnvelope _ -> throw NotaryEnvelope.unread();
      case SignedBytes bytes -> bundle(bytes.bundle(), artifact);
      case SignedEnvelope envelope ->
          switch (envelope.carrier()) {
            case SignedEnvelope.Carrier.Bundle(var bytes) -> bundle(bytes, artifact);
            case SignedEnvelope.Carrier.Layer(var layer, var annotations) ->
                CosignLayer.ofAttestation(envelope.envelope(), layer, annotations, artifact);
          };
    };
  }

  private static Presented bundle(byte[] bytes, Digest artifact) throws UnprovenException {
    // Its size was bounded when it was fetched.
    return Presented.of(BundleReader.read(bytes, bytes.length), new Artifact.Named(artifact));
  }

  /// The fingerprint of the key that a certificate certifies.
  static Digest key(Presented shown) {
    return switch (shown.bundle().material()) {
      case Bundle.Material.Certificate certificate ->
          Digest.of(certificate.leaf().getPublicKey().getEncoded());
      case Bundle.Material.Key _ ->
          throw new IllegalArgumentException("it is signed with a key, not with a certificate");
    };
  }
}
