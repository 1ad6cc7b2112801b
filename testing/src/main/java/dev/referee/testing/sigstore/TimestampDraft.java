package dev.referee.testing.sigstore;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.DigestAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.cmp.PKIStatusInfo;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.ess.ESSCertID;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificate;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.tsp.MessageImprint;
import org.bouncycastle.asn1.tsp.TSTInfo;
import org.bouncycastle.asn1.tsp.TimeStampResp;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.util.CollectionStore;

/// A timestamp before its authority signs it.
public final class TimestampDraft {
  private static final ASN1ObjectIdentifier POLICY = new ASN1ObjectIdentifier("1.2.3.4.1");

  /// How what is signed names the certificate.
  private enum CertificateHash {
    NONE,
    SHA1,
    SHA256
  }

  private final SecureRandom random;
  private TimestampAuthority authority;
  private byte[] stamped;
  private Instant time;
  private SeededKey signer;
  private CertificateHash hash = CertificateHash.SHA256;
  private int status = PKIStatus.GRANTED;
  private final List<X509CertificateHolder> certificates = new ArrayList<>();

  TimestampDraft(SecureRandom random, TimestampAuthority authority, byte[] stamped, Instant time) {
    this.random = requireNonNull(random, "random is null");
    this.authority = requireNonNull(authority, "authority is null");
    this.signer = authority.key();
    this.stamped = requireNonNull(stamped, "stamped is null");
    this.time = requireNonNull(time, "time is null");
    certificates.add(authority.signer());
  }

  /// By another authority.
  public TimestampDraft by(TimestampAuthority other) {
    authority = other;
    signer = other.key();
    certificates.clear();
    certificates.add(other.signer());
    return this;
  }

  /// In the authority's name, by another key.
  public TimestampDraft signedBy(SeededKey key) {
    signer = key;
    return this;
  }

  public TimestampDraft at(Instant other) {
    time = other;
    return this;
  }

  /// Of something else than the signature.
  public TimestampDraft of(byte[] other) {
    stamped = other;
    return this;
  }

  /// With certificates of another authority beside, or before, its own.
  public TimestampDraft alsoCarrying(TimestampAuthority other, boolean first) {
    certificates.add(first ? 0 : certificates.size(), other.signer());
    certificates.add(other.root());
    return this;
  }

  public TimestampDraft withoutCertificates() {
    certificates.clear();
    return this;
  }

  /// Without the hash of the certificate among what is signed (RFC 5816).
  public TimestampDraft withoutCertificateHash() {
    hash = CertificateHash.NONE;
    return this;
  }

  /// With the hash of the certificate as older authorities have it (RFC 3161).
  public TimestampDraft withOlderCertificateHash() {
    hash = CertificateHash.SHA1;
    return this;
  }

  /// Refused by the authority, which answers all the same.
  public TimestampDraft refused() {
    status = PKIStatus.REJECTION;
    return this;
  }

  /// The answer as authorities give it: a `TimeStampResp` in DER.
  byte[] response() {
    try {
      var digests = new BcDigestCalculatorProvider();
      var generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new SignerInfoGeneratorBuilder(digests)
              .setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(attributes()))
              .build(signer.contentSigner(), authority.signer()));
      generator.addCertificates(new CollectionStore<>(certificates));
      var content =
          new CMSProcessableByteArray(
              PKCSObjectIdentifiers.id_ct_TSTInfo, info().getEncoded("DER"));
      var token = generator.generate(content, true).toASN1Structure();
      var answer = new PKIStatusInfo(PKIStatus.getInstance(new ASN1Integer(status)));
      return new TimeStampResp(answer, token).getEncoded("DER");
    } catch (OperatorCreationException | CMSException e) {
      throw new IllegalStateException("a timestamp can be signed", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TSTInfo info() {
    var sha256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
    var imprint = DigestAlgorithm.SHA256.newHasher().digest(stamped);
    return new TSTInfo(
        POLICY,
        new MessageImprint(sha256, imprint),
        new ASN1Integer(new BigInteger(63, random)),
        new ASN1GeneralizedTime(Date.from(time)),
        null,
        null,
        null,
        null,
        null);
  }

  /// The time of signing would otherwise be the machine's.
  private AttributeTable attributes() throws IOException {
    var attributes = new ASN1EncodableVector();
    attributes.add(new Attribute(CMSAttributes.signingTime, new DERSet(new Time(Date.from(time)))));
    var certificate = authority.signer().getEncoded();
    switch (hash) {
      case NONE -> {}
      case SHA1 ->
          attributes.add(
              new Attribute(
                  PKCSObjectIdentifiers.id_aa_signingCertificate,
                  new DERSet(new SigningCertificate(new ESSCertID(sha1(certificate))))));
      case SHA256 ->
          attributes.add(
              new Attribute(
                  PKCSObjectIdentifiers.id_aa_signingCertificateV2,
                  new DERSet(
                      new SigningCertificateV2(
                          new ESSCertIDv2(
                              DigestAlgorithm.SHA256.newHasher().digest(certificate))))));
    }
    return new AttributeTable(attributes);
  }

  private static byte[] sha1(byte[] content) {
    var digest = new SHA1Digest();
    digest.update(content, 0, content.length);
    var hash = new byte[digest.getDigestSize()];
    digest.doFinal(hash, 0);
    return hash;
  }
}
