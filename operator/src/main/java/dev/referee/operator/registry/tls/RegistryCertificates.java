package dev.referee.operator.registry.tls;

import static java.util.Objects.requireNonNull;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The certificates that the operator issues for one registry, as the data of two Secrets.
///
/// Everything is renewed at two thirds of its life. A new authority is published beside the old one
/// first, and signs only once the old one has a sixth of its life left: whoever copied the bundle,
/// as administrators do for nodes, has the time between to copy it again. Only the given moment
/// counts, so that a paused operator finds its way back, and a clock that goes back changes
/// nothing.
public final class RegistryCertificates {
  static final String CERTIFICATE = "tls.crt";
  static final String KEY = "tls.key";
  static final String BUNDLE = "ca.crt";
  static final String NEXT_CERTIFICATE = "next.crt";
  static final String NEXT_KEY = "next.key";
  static final String PREVIOUS = "previous.crt";

  private final Map<String, byte[]> authoritySecret;
  private final Map<String, byte[]> servingSecret;
  private final String name;
  private final List<String> hosts;

  /// @param name what the authority is called by those who look at it
  /// @param hosts names and addresses that the certificate must speak for
  /// @param authoritySecret what the Secret of the authority has; empty, it is not there
  /// @param servingSecret what the Secret of the certificate has; empty, it is not there
  public RegistryCertificates(
      String name,
      Collection<String> hosts,
      Map<String, byte[]> authoritySecret,
      Map<String, byte[]> servingSecret) {
    this.name = requireNonNull(name, "name is null");
    this.hosts = List.copyOf(hosts);
    this.authoritySecret = Map.copyOf(authoritySecret);
    this.servingSecret = Map.copyOf(servingSecret);
  }

  /// What the Secrets must have at this moment: what they have already, as far as that serves.
  public IssuedCertificates at(Instant now) {
    var authorities = authorities(now);
    var serving = serving(authorities.current(), now);
    var bundle = authorities.bundle();
    return new IssuedCertificates(
        authorities.data(),
        Map.of(
            CERTIFICATE, Pem.of(serving.certificate()), KEY, Pem.of(serving.key()), BUNDLE, bundle),
        bundle,
        serving.notAfter(),
        authorities.current().notAfter());
  }

  private Authorities authorities(Instant now) {
    var previous = new ArrayList<X509Certificate>();
    for (var certificate : certificates(authoritySecret, PREVIOUS)) {
      if (now.isBefore(certificate.getNotAfter().toInstant())) {
        previous.add(certificate);
      }
    }
    var next = read(authoritySecret, NEXT_CERTIFICATE, NEXT_KEY).filter(key -> signs(key, now));
    var current = read(authoritySecret, CERTIFICATE, KEY).filter(key -> signs(key, now));
    if (current.isEmpty()) {
      return new Authorities(
          next.orElseGet(() -> CertificateIssuing.authority(name, now)),
          Optional.empty(),
          previous);
    }
    if (next.isEmpty()) {
      return new Authorities(
          current.get(),
          now.isBefore(current.get().after(2, 3))
              ? Optional.empty()
              : Optional.of(CertificateIssuing.authority(name, now)),
          previous);
    }
    if (now.isBefore(current.get().after(5, 6))) {
      return new Authorities(current.get(), next, previous);
    }
    previous.addFirst(current.get().certificate());
    return new Authorities(next.get(), Optional.empty(), previous);
  }

  private static boolean signs(CertifiedKey authority, Instant now) {
    return authority.certificate().getBasicConstraints() >= 0
        && now.isBefore(authority.notAfter())
        && authority.isPair();
  }

  private CertifiedKey serving(CertifiedKey authority, Instant now) {
    return read(servingSecret, CERTIFICATE, KEY)
        .filter(serving -> serving.isSignedBy(authority.certificate()))
        .filter(serving -> now.isBefore(serving.after(2, 3)))
        .filter(serving -> SubjectNames.missing(serving.certificate(), hosts).isEmpty())
        .filter(CertifiedKey::isPair)
        .orElseGet(() -> CertificateIssuing.serving(authority, hosts, now));
  }

  static Optional<CertifiedKey> read(Map<String, byte[]> secret, String certificate, String key) {
    var certificates = certificates(secret, certificate);
    var keys = Pem.key(secret.getOrDefault(key, new byte[0]));
    return certificates.isEmpty() || keys.isEmpty()
        ? Optional.empty()
        : Optional.of(new CertifiedKey(certificates.getFirst(), keys.getFirst()));
  }

  private static List<X509Certificate> certificates(Map<String, byte[]> secret, String key) {
    return Pem.certificates(secret.getOrDefault(key, new byte[0]));
  }

  /// The authority that signs, the one that is going to, and those that did.
  private record Authorities(
      CertifiedKey current, Optional<CertifiedKey> next, List<X509Certificate> previous) {
    String bundle() {
      return Stream.concat(
              Stream.concat(
                  Stream.of(current.certificate()), next.stream().map(CertifiedKey::certificate)),
              previous.stream())
          .map(Pem::of)
          .collect(Collectors.joining());
    }

    Map<String, String> data() {
      var data = new LinkedHashMap<String, String>();
      data.put(CERTIFICATE, Pem.of(current.certificate()));
      data.put(KEY, Pem.of(current.key()));
      next.ifPresent(
          key -> {
            data.put(NEXT_CERTIFICATE, Pem.of(key.certificate()));
            data.put(NEXT_KEY, Pem.of(key.key()));
          });
      if (!previous.isEmpty()) {
        data.put(PREVIOUS, previous.stream().map(Pem::of).collect(Collectors.joining()));
      }
      return data;
    }
  }
}
