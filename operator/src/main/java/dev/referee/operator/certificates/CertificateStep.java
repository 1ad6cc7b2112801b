package dev.referee.operator.certificates;

import static java.util.Objects.requireNonNull;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What has to change about the certificate now. Pure: the same state, time and answers give the
/// same decision (only the keys differ).
///
/// An authority signs nothing before API servers trust it, and stays trusted until it expires: at
/// every moment whatever the webhook shows is accepted, however late it or the API server hears of
/// a change. Time may also jump; what is not valid now is replaced like what has grown old.
public final class CertificateStep {
  private final Set<String> names;
  private final Predicate<X509Certificate> published;

  /// @param names at which clients reach the webhook
  /// @param published whether every API server that asks the webhook trusts an authority
  public CertificateStep(Collection<String> names, Predicate<X509Certificate> published) {
    this.names = new TreeSet<>(names);
    this.published = requireNonNull(published, "published is null");
  }

  /// The state that there should be.
  public CertificateState next(CertificateState state, Instant now) {
    var trusted = new ArrayList<>(withoutExpired(state, now));
    var authority = state.authority();
    var successor = state.successor();
    if (isDue(authority, now) && (successor == null || !successor.isValidAt(now))) {
      successor = Issuing.authority(now);
    }
    if (successor != null) {
      add(trusted, successor);
      if (published.test(successor.certificate())) {
        authority = successor;
        successor = null;
      }
    }
    return new CertificateState(
        authority, successor, trusted, serving(state.serving(), authority, now));
  }

  /// When to look again at the latest.
  public static Instant nextLook(CertificateState state, Instant now) {
    var next = now.plus(Issuing.SERVING_LIFE);
    for (var credential : new Credential[] {state.authority(), state.serving()}) {
      if (credential != null && credential.renewAt().isBefore(next)) {
        next = credential.renewAt();
      }
    }
    return next;
  }

  private @Nullable Credential serving(
      @Nullable Credential serving, @Nullable Credential authority, Instant now) {
    if (authority == null
        || (serving != null
            && isUsable(serving, now)
            && now.isBefore(serving.renewAt())
            && serving.isSignedBy(authority.certificate())
            && names.equals(names(serving.certificate())))) {
      return serving;
    }
    // What an authority signs that is not valid itself helps nobody; its successor is on its way.
    return authority.isValidAt(now) ? Issuing.serving(authority, names, now) : serving;
  }

  private static boolean isUsable(@Nullable Credential credential, Instant now) {
    return credential != null && credential.isValidAt(now);
  }

  private static boolean isDue(@Nullable Credential authority, Instant now) {
    return authority == null || !authority.isValidAt(now) || !now.isBefore(authority.renewAt());
  }

  private static List<X509Certificate> withoutExpired(CertificateState state, Instant now) {
    return state.trusted().stream()
        .filter(trusted -> trusted.getNotAfter().toInstant().isAfter(now))
        .toList();
  }

  private static void add(List<X509Certificate> trusted, Credential authority) {
    if (!trusted.contains(authority.certificate())) {
      trusted.add(authority.certificate());
    }
  }

  private static Set<String> names(X509Certificate certificate) {
    var names = new HashSet<String>();
    try {
      var alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        alternatives.forEach(alternative -> names.add(String.valueOf(alternative.get(1))));
      }
    } catch (CertificateParsingException _) {
      return Set.of();
    }
    return names;
  }
}
