package dev.referee.verify.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// ECDSA as we compute it against keys and signatures of the JDK and of Bouncy Castle's signer,
/// before and after a key has a table.
class EcdsaKeyTest {
  private static final long SEED = 20261127;

  enum Curve {
    P256("secp256r1"),
    P384("secp384r1"),
    P521("secp521r1");

    private final String name;

    Curve(String name) {
      this.name = name;
    }

    ASN1ObjectIdentifier oid() {
      return SECNamedCurves.getOID(name);
    }

    BigInteger order() {
      return CustomNamedCurves.getByOID(oid()).getN();
    }
  }

  /// Hashes shorter and longer than the curve among them, which are cut or not.
  @ParameterizedTest
  @EnumSource(Curve.class)
  void agreesWithWhatWasSigned(Curve curve) throws GeneralSecurityException {
    var random = new Random(SEED);
    for (int k = 0; k < 4; k++) {
      var keys = keys(curve);
      var key = key(curve, keys);
      for (int i = 0; i < 12; i++) {
        var hash = new byte[List.of(20, 32, 48, 64, 80).get(i % 5)];
        random.nextBytes(hash);
        var signature = sign(keys, hash);
        var other = hash.clone();
        // The first byte counts for every curve, the last ones are cut off by some.
        other[0] ^= 1;

        assertThat(key.verifies(hash, signature)).as("seed %d, use %d", SEED, i).isTrue();
        assertThat(key.verifies(other, signature)).isFalse();
        assertThat(key(curve, keys(curve)).verifies(hash, signature)).isFalse();
      }
    }
  }

  /// Every byte of a signature changed.
  @ParameterizedTest
  @EnumSource(Curve.class)
  void refusesEveryChangedByte(Curve curve) throws GeneralSecurityException {
    var keys = keys(curve);
    var key = key(curve, keys);
    var hash = new byte[32];
    Arrays.fill(hash, (byte) 7);
    var signature = sign(keys, hash);
    for (int at = 0; at < signature.length; at++) {
      var changed = signature.clone();
      changed[at] ^= 1;

      assertThat(key.verifies(hash, changed)).as("byte %d", at).isFalse();
    }
    assertThat(key.verifies(hash, signature)).isTrue();
  }

  /// Numbers that must be refused whatever was signed: 0, the order, and beyond it
  /// (CVE-2022-21449).
  @ParameterizedTest
  @EnumSource(Curve.class)
  void refusesNumbersOutsideTheirRange(Curve curve) throws GeneralSecurityException, IOException {
    var key = key(curve, keys(curve));
    var n = curve.order();
    var numbers = new ArrayList<>(List.of(BigInteger.ZERO, n, n.add(BigInteger.ONE), n.negate()));
    numbers.add(BigInteger.ONE.negate());
    for (int uses = 0; uses < 3; uses++) {
      for (var one : numbers) {
        for (var other : List.of(BigInteger.ZERO, BigInteger.ONE, n.subtract(BigInteger.ONE), n)) {
          assertThat(key.verifies(new byte[32], der(one, other))).isFalse();
          assertThat(key.verifies(new byte[32], der(other, one))).isFalse();
        }
      }
    }
    assertThat(key.verifies(new byte[32], new byte[0])).isFalse();
    assertThat(key.verifies(new byte[0], der(BigInteger.ONE, BigInteger.ONE))).isFalse();
  }

  /// A value beyond the order that leads to the same point is another spelling of a signature.
  @ParameterizedTest
  @EnumSource(Curve.class)
  void refusesASecondSpelling(Curve curve) throws GeneralSecurityException, IOException {
    var keys = keys(curve);
    var key = key(curve, keys);
    var hash = new byte[32];
    hash[0] = 1;
    var signature = sign(keys, hash);
    var numbers = ASN1Sequence.getInstance(signature);
    var r = ASN1Integer.getInstance(numbers.getObjectAt(0)).getValue();
    var s = ASN1Integer.getInstance(numbers.getObjectAt(1)).getValue();

    assertThat(key.verifies(hash, der(r, s))).isTrue();
    assertThat(key.verifies(hash, der(r.add(curve.order()), s))).isFalse();
    assertThat(key.verifies(hash, der(r, s.add(curve.order())))).isFalse();
    assertThat(key.verifies(hash, Arrays.copyOf(signature, signature.length + 1))).isFalse();
  }

  /// The table's sums against Bouncy Castle's own, at the numbers where a comb could slip.
  @ParameterizedTest
  @EnumSource(Curve.class)
  void addsUpWhatBouncyCastleAddsUp(Curve curve) {
    var parameters = CustomNamedCurves.getByOID(curve.oid());
    var n = curve.order();
    var random = new Random(SEED);
    var numbers =
        new ArrayList<>(
            List.of(
                BigInteger.ZERO,
                BigInteger.ONE,
                BigInteger.TWO,
                n.subtract(BigInteger.ONE),
                n.shiftRight(1),
                BigInteger.ONE.shiftLeft(n.bitLength() - 1)));
    for (int i = 0; i < 6; i++) {
      numbers.add(new BigInteger(n.bitLength(), random).mod(n));
    }
    // The generator itself among them: equal and opposite points meet on the way.
    for (var factor : List.of(BigInteger.ONE, n.subtract(BigInteger.ONE), BigInteger.valueOf(77))) {
      var point = parameters.getG().multiply(factor).normalize();
      var one = CombTable.of(parameters.getG(), n.bitLength());
      var other = CombTable.of(point, n.bitLength());
      for (var a : numbers) {
        for (var b : numbers) {
          assertThat(CombTable.sumOfProducts(one, a, other, b).normalize())
              .as("seed %d: %s and %s", SEED, a, b)
              .isEqualTo(
                  ECAlgorithms.sumOfTwoMultiplies(parameters.getG(), a, point, b).normalize());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Curve.class)
  void takesNoPointThatIsNone(Curve curve) {
    assertThatThrownBy(() -> EcdsaKey.of(curve.oid(), new byte[] {0}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EcdsaKey.of(curve.oid(), new byte[] {4, 1, 1}))
        .isInstanceOf(IllegalArgumentException.class);
    var off = new byte[1 + 2 * ((curve.order().bitLength() + 7) / 8)];
    off[0] = 4;
    assertThatThrownBy(() -> EcdsaKey.of(curve.oid(), off))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static KeyPair keys(Curve curve) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC", "SunEC");
    generator.initialize(new ECGenParameterSpec(curve.name));
    return generator.generateKeyPair();
  }

  private static EcdsaKey key(Curve curve, KeyPair keys) {
    var info = SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
    return EcdsaKey.of(curve.oid(), info.getPublicKeyData().getOctets());
  }

  /// The JDK signs hashes of up to 64 bytes.
  private static byte[] sign(KeyPair keys, byte[] hash) throws GeneralSecurityException {
    var signer =
        hash.length <= 64
            ? Signature.getInstance("NONEwithECDSA", "SunEC")
            : Signature.getInstance("NONEwithECDSA", Providers.BOUNCY_CASTLE);
    signer.initSign(keys.getPrivate());
    signer.update(hash);
    return signer.sign();
  }

  private static byte[] der(BigInteger r, BigInteger s) throws IOException {
    var vector = new ASN1EncodableVector();
    vector.add(new ASN1Integer(r));
    vector.add(new ASN1Integer(s));
    return new DERSequence(vector).getEncoded("DER");
  }
}
