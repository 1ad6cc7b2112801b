package dev.referee.verify.trust;

import java.math.BigInteger;
import org.bouncycastle.math.ec.ECPoint;

/// Sums of multiples of one point, ready to be added up (Lim and Lee's comb). Public points only:
/// how long it takes depends on the numbers.
final class CombTable {
  private static final int TEETH = 8;

  /// By which teeth are in the sum.
  private final ECPoint[] sums;

  /// How many bits are between two teeth.
  private final int spacing;

  private CombTable(ECPoint[] sums, int spacing) {
    this.sums = sums;
    this.spacing = spacing;
  }

  /// Makes the table: as much work as a few multiplications.
  ///
  /// @param bits how long the numbers are at most
  static CombTable of(ECPoint point, int bits) {
    int spacing = (bits + TEETH - 1) / TEETH;
    var sums = new ECPoint[1 << TEETH];
    sums[0] = point.getCurve().getInfinity();
    var tooth = point;
    for (int highest = 1; highest < sums.length; highest <<= 1) {
      for (int below = 0; below < highest; below++) {
        sums[highest + below] = sums[below].add(tooth);
      }
      tooth = tooth.timesPow2(spacing);
    }
    point.getCurve().normalizeAll(sums);
    return new CombTable(sums, spacing);
  }

  /// One point times one number, plus another point times another number; both of one curve.
  static ECPoint sumOfProducts(CombTable one, BigInteger a, CombTable other, BigInteger b) {
    var sum = one.sums[0];
    for (int i = one.spacing - 1; i >= 0; i--) {
      sum = sum.twice().add(one.column(a, i)).add(other.column(b, i));
    }
    return sum;
  }

  private ECPoint column(BigInteger number, int offset) {
    int teeth = 0;
    for (int tooth = 0; tooth < TEETH; tooth++) {
      if (number.testBit(offset + tooth * spacing)) {
        teeth |= 1 << tooth;
      }
    }
    return sums[teeth];
  }
}
