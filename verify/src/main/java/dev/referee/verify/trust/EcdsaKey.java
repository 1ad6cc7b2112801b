package dev.referee.verify.trust;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;
import org.jspecify.annotations.Nullable;

/// A public key that checks ECDSA signatures (FIPS 186-5 section 6.4.2), with Bouncy Castle's
/// points. Keys of logs and authorities are asked again and again: such a key keeps a table, which
/// makes it three times as fast (docs/decisions/2026-11-27-ecdsa-tables.md).
final class EcdsaKey {
  /// A table costs about as much as two of these without.
  private static final int USES_BEFORE_TABLE = 4;

  private static final Map<ASN1ObjectIdentifier, CombTable> GENERATORS = new ConcurrentHashMap<>();

  private final ASN1ObjectIdentifier curveName;
  private final X9ECParameters curve;
  private final ECPoint point;
  private final AtomicInteger uses = new AtomicInteger();
  private volatile @Nullable CombTable table;

  private EcdsaKey(ASN1ObjectIdentifier curveName, X9ECParameters curve, ECPoint point) {
    this.curveName = requireNonNull(curveName, "curveName is null");
    this.curve = requireNonNull(curve, "curve is null");
    this.point = requireNonNull(point, "point is null");
  }

  /// Reads a key.
  ///
  /// @param encoded a point in one of the forms of SEC 1 section 2.3.4
  /// @throws IllegalArgumentException when it is none of that curve, or the one at infinity
  static EcdsaKey of(ASN1ObjectIdentifier curveName, byte[] encoded) {
    var curve = CustomNamedCurves.getByOID(curveName);
    var point = curve.getCurve().decodePoint(encoded);
    if (point.isInfinity()) {
      throw new IllegalArgumentException("the point at infinity is no key");
    }
    return new EcdsaKey(curveName, curve, point);
  }

  /// The key in DER, a SubjectPublicKeyInfo: always by the name of its curve and uncompressed,
  /// however it was read.
  byte[] encoded() {
    try {
      return new SubjectPublicKeyInfo(
              new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curveName),
              point.getEncoded(false))
          .getEncoded("DER");
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  /// Whether the signature, in DER, is this key's over a message of that hash.
  boolean verifies(byte[] hash, byte[] signature) {
    var n = curve.getN();
    BigInteger[] values;
    try {
      // Strict: exactly the one encoding, and both below n.
      values = StandardDSAEncoding.INSTANCE.decode(n, signature);
    } catch (IOException | RuntimeException e) {
      return false;
    }
    var r = values[0];
    var s = values[1];
    if (r.signum() <= 0 || s.signum() <= 0) {
      return false;
    }
    var inverse = BigIntegers.modOddInverseVar(n, s);
    var sum = sumOfProducts(number(hash, n).multiply(inverse).mod(n), r.multiply(inverse).mod(n));
    return !sum.isInfinity() && sum.normalize().getAffineXCoord().toBigInteger().mod(n).equals(r);
  }

  /// The leftmost bits of the hash, as many as n has.
  private static BigInteger number(byte[] hash, BigInteger n) {
    return new BigInteger(1, hash).shiftRight(Math.max(0, hash.length * 8 - n.bitLength()));
  }

  private ECPoint sumOfProducts(BigInteger ofGenerator, BigInteger ofKey) {
    var known = table;
    if (known == null) {
      if (uses.incrementAndGet() <= USES_BEFORE_TABLE) {
        return ECAlgorithms.sumOfTwoMultiplies(curve.getG(), ofGenerator, point, ofKey);
      }
      known = CombTable.of(point, curve.getN().bitLength());
      table = known;
    }
    var generator =
        GENERATORS.computeIfAbsent(
            curveName, _ -> CombTable.of(curve.getG(), curve.getN().bitLength()));
    return CombTable.sumOfProducts(generator, ofGenerator, known, ofKey);
  }
}
