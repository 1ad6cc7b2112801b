package dev.referee.operator.registry.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The life of a registry's certificates, over many years, with the moments given.
class RegistryCertificatesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> HOSTS =
      List.of("images.shop.svc.cluster.local", "images", "10.96.0.7", "127.0.0.1", "::1");

  private Map<String, byte[]> authority = Map.of();
  private Map<String, byte[]> serving = Map.of();

  @Test
  void issuesACertificateThatAClientAccepts() throws Exception {
    var issued = at(START, HOSTS);

    assertTrusted(issued.bundle(), START);
    var names =
        leaf().getSubjectAlternativeNames().stream()
            .map(entry -> requireNonNull(entry.get(1)).toString())
            .toList();
    assertThat(names)
        .containsExactly(
            "images.shop.svc.cluster.local", "images", "10.96.0.7", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(leaf().getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(issued.servingUntil()).isEqualTo(START.plus(Duration.ofDays(90)));
  }

  @Test
  void changesNothingWhileEverythingServes() {
    var first = at(START, HOSTS);

    var later = at(START.plus(Duration.ofDays(59)), HOSTS);

    assertThat(later.serving()).isEqualTo(first.serving());
    assertThat(later.authority()).isEqualTo(first.authority());
  }

  @Test
  void renewsTheCertificateAtTwoThirdsOfItsLife() throws Exception {
    var first = at(START, HOSTS);
    var moment = START.plus(Duration.ofDays(61));

    var later = at(moment, HOSTS);

    assertThat(later.serving().get("tls.crt")).isNotEqualTo(first.serving().get("tls.crt"));
    assertThat(later.authority()).isEqualTo(first.authority());
    assertTrusted(first.bundle(), moment);
  }

  @Test
  void issuesAnewWhenANameIsAdded() throws Exception {
    at(START, HOSTS.subList(0, 2));
    var before = leaf();

    at(START, HOSTS);

    assertThat(leaf()).isNotEqualTo(before);
    assertThat(leaf().getSubjectAlternativeNames()).hasSize(HOSTS.size());
  }

  /// A copy of the bundle that is renewed once between two thirds and five sixths of the
  /// authority's life is right at every moment.
  @Test
  void whoeverCopiesTheBundleInTimeTrustsTheRegistryAllAlong() throws Exception {
    var life = CertificateIssuing.AUTHORITY_LIFE;
    var first = at(START, HOSTS);
    var copied = START.plus(life.multipliedBy(7).dividedBy(10));

    var copy = first.bundle();
    for (var moment = START;
        moment.isBefore(START.plus(life.multipliedBy(13).dividedBy(10)));
        moment = moment.plus(Duration.ofDays(30))) {
      var issued = at(moment, HOSTS);
      if (moment.isBefore(copied)) {
        assertTrusted(first.bundle(), moment);
      } else if (copy.equals(first.bundle())) {
        copy = issued.bundle();
      }
      assertTrusted(copy, moment);
      assertTrusted(issued.bundle(), moment);
    }
    assertThat(certificates(copy)).hasSize(2);
  }

  /// What was signed before stays trusted: clients see the new bundle and the new certificate at
  /// different times.
  @Test
  void theNewBundleTrustsTheOldCertificate() throws Exception {
    at(START, HOSTS);
    var life = CertificateIssuing.AUTHORITY_LIFE;
    at(START.plus(life.multipliedBy(3).dividedBy(4)), HOSTS);
    var moment = START.plus(life.multipliedBy(84).dividedBy(100));
    var old = at(moment.minus(Duration.ofDays(61)), HOSTS).serving().get("tls.crt");

    var issued = at(moment, HOSTS);

    assertThat(issued.serving().get("tls.crt")).isNotEqualTo(old);
    assertThat(issued.authority()).containsKey("previous.crt").doesNotContainKey("next.crt");
    validate(certificates(requireNonNull(old)).getFirst(), issued.bundle(), moment);
    assertTrusted(issued.bundle(), moment);
  }

  @Test
  void forgetsAnAuthorityThatHasEnded() {
    var life = CertificateIssuing.AUTHORITY_LIFE;
    at(START, HOSTS);
    at(START.plus(life.multipliedBy(3).dividedBy(4)), HOSTS);
    at(START.plus(life.multipliedBy(9).dividedBy(10)), HOSTS);

    var issued = at(START.plus(life).plus(Duration.ofDays(1)), HOSTS);

    assertThat(issued.authority()).doesNotContainKey("previous.crt");
    assertThat(certificates(issued.bundle())).hasSize(1);
  }

  /// An operator that was away for the whole life of its authority starts anew.
  @Test
  void findsItsWayBackAfterALongPause() throws Exception {
    at(START, HOSTS);
    var moment = START.plus(CertificateIssuing.AUTHORITY_LIFE.multipliedBy(2));

    assertTrusted(at(moment, HOSTS).bundle(), moment);
  }

  @Test
  void aClockThatGoesBackChangesNothing() {
    var first = at(START, HOSTS);

    assertThat(at(START.minus(Duration.ofDays(400)), HOSTS).serving()).isEqualTo(first.serving());
  }

  @Test
  void replacesAKeyThatIsNotTheCertificates() throws Exception {
    at(START, HOSTS);
    var mixed = new TreeMap<>(serving);
    mixed.put("tls.key", authority.getOrDefault("tls.key", new byte[0]));
    serving = mixed;

    var issued = at(START, HOSTS);

    assertThat(issued.serving().get("tls.key"))
        .isNotEqualTo(new String(mixed.getOrDefault("tls.key", new byte[0]), UTF_8));
    assertTrusted(issued.bundle(), START);
  }

  @Test
  void startsAnewWhereTheAuthoritysSecretWasSpoilt() throws Exception {
    at(START, HOSTS);
    authority = Map.of("tls.crt", "nonsense".getBytes(UTF_8), "tls.key", new byte[] {1, 2});

    assertTrusted(at(START, HOSTS).bundle(), START);
  }

  @Test
  void saysNothingOfItsKeys() {
    assertThat(at(START, HOSTS).toString()).doesNotContain("KEY").contains("2026-04-01");
  }

  @Test
  void takesACertificateThatItsUserBrings() {
    var issued = at(START, HOSTS);

    assertThat(GivenCertificate.problem(serving, HOSTS.getFirst(), START)).isEmpty();
    assertThat(GivenCertificate.bundle(serving)).isEqualTo(issued.bundle());
    assertThat(GivenCertificate.problem(serving, "other.shop.svc.cluster.local", START))
        .contains("does not name other.shop.svc.cluster.local");
    assertThat(GivenCertificate.problem(serving, HOSTS.getFirst(), START.plus(Duration.ofDays(90))))
        .contains("ended at 2026-04-01T00:00:00Z");
    assertThat(
            GivenCertificate.problem(
                Map.of(
                    "tls.crt", serving.getOrDefault("tls.crt", new byte[0]),
                    "tls.key", authority.getOrDefault("tls.key", new byte[0])),
                HOSTS.getFirst(),
                START))
        .contains("not of the certificate");
    assertThat(GivenCertificate.problem(Map.of(), HOSTS.getFirst(), START)).contains("no key");
  }

  @Test
  void aWildcardSpeaksForOneLabel() {
    at(START, List.of("*.shop.svc.cluster.local"));

    assertThat(GivenCertificate.problem(serving, "images.shop.svc.cluster.local", START)).isEmpty();
    assertThat(GivenCertificate.problem(serving, "a.images.shop.svc.cluster.local", START))
        .isNotEmpty();
  }

  /// One look at a moment, whose outcome the Secrets have at the next.
  private IssuedCertificates at(Instant moment, List<String> hosts) {
    var issued = new RegistryCertificates("shop/images", hosts, authority, serving).at(moment);
    authority = bytes(issued.authority());
    serving = bytes(issued.serving());
    return issued;
  }

  private static Map<String, byte[]> bytes(Map<String, String> data) {
    return data.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().getBytes(UTF_8)));
  }

  private X509Certificate leaf() {
    return certificates(new String(serving.getOrDefault("tls.crt", new byte[0]), UTF_8)).getFirst();
  }

  private void assertTrusted(String bundle, Instant moment) throws Exception {
    validate(leaf(), bundle, moment);
  }

  /// By the JDK's own path validation, which knows nothing of ours.
  private static void validate(X509Certificate leaf, String bundle, Instant moment)
      throws Exception {
    var anchors =
        certificates(bundle).stream()
            .map(certificate -> new TrustAnchor(certificate, null))
            .collect(Collectors.toUnmodifiableSet());
    var parameters = new PKIXParameters(anchors);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(moment));
    var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf));
    try {
      CertPathValidator.getInstance("PKIX").validate(path, parameters);
    } catch (CertPathValidatorException e) {
      throw new AssertionError("not trusted at " + moment, e);
    }
  }

  private static List<X509Certificate> certificates(String pem) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(UTF_8)))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException e) {
      throw new AssertionError(e);
    }
  }
}
