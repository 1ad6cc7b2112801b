package dev.referee.verify.revocation;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Looks certificates up in lists (trust-store-trust-policy.md, "CRLs").
final class ListLookup {
  private final RevocationSource source;
  private final Instant now;

  ListLookup(RevocationSource source, Instant now) {
    this.source = requireNonNull(source, "source is null");
    this.now = requireNonNull(now, "now is null");
  }

  /// Looks in the first list that can be had and believed.
  ///
  /// @param signedAt when the signature had been made, by somebody who is trusted; null, nobody
  ///   says
  RevocationStatus status(
      X509Certificate certificate,
      X509Certificate issuer,
      List<URI> places,
      @Nullable Instant signedAt)
      throws RevocationUnavailableException {
    var texts = places.stream().map(URI::toString).collect(Collectors.toSet());
    var last = new RevocationUnavailableException("it names no list that can be read");
    for (var place : places) {
      try {
        return status(certificate, issuer, place, texts, signedAt);
      } catch (RevocationUnavailableException e) {
        last = new RevocationUnavailableException("%s: %s".formatted(place, e.getMessage()));
      }
    }
    throw last;
  }

  private RevocationStatus status(
      X509Certificate certificate,
      X509Certificate issuer,
      URI place,
      Set<String> places,
      @Nullable Instant signedAt)
      throws RevocationUnavailableException {
    var complete = RevocationList.read(source.list(place, RevocationList.MAX_BYTES), issuer);
    complete.checkAbout(certificate, places);
    if (complete.isAddition()) {
      throw new RevocationUnavailableException("the list is an addition to another");
    }
    var entry = complete.entry(certificate);
    if (entry != null && !entry.isHold() && !entry.isRemoved()) {
      // For good, so that it counts in an old list as well.
      var revoked = counts(entry, signedAt);
      if (revoked.isPresent()) {
        return revoked.get();
      }
    }
    var until = complete.checkFresh(now);
    var additions = complete.additions();
    if (!additions.isEmpty()) {
      var addition = addition(additions, issuer, complete);
      var later = addition.entry(certificate);
      entry = later == null ? entry : later;
      var end = addition.checkFresh(now);
      until = end.isBefore(until) ? end : until;
    }
    if (entry == null || entry.isRemoved()) {
      return new RevocationStatus.Good(until);
    }
    return counts(entry, signedAt).orElse(new RevocationStatus.Good(until));
  }

  private RevocationList addition(
      List<String> places, X509Certificate issuer, RevocationList complete)
      throws RevocationUnavailableException {
    var last = new RevocationUnavailableException("the list's additions cannot be had");
    for (var place : places) {
      try {
        var addition =
            RevocationList.read(source.list(address(place), RevocationList.MAX_BYTES), issuer);
        addition.checkContinues(complete);
        addition.checkFresh(now);
        return addition;
      } catch (RevocationUnavailableException e) {
        last = e;
      }
    }
    throw last;
  }

  private static URI address(String place) throws RevocationUnavailableException {
    try {
      var address = URI.create(place);
      if ("http".equalsIgnoreCase(address.getScheme()) && address.getHost() != null) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Refused below.
    }
    throw new RevocationUnavailableException("the list's additions are at no address of http");
  }

  /// What was signed before the certificate became invalid stands, where somebody who is trusted
  /// says when that was.
  private static Optional<RevocationStatus> counts(
      RevocationList.Entry entry, @Nullable Instant signedAt) {
    boolean isBefore =
        signedAt != null && entry.invalidSince() != null && signedAt.isBefore(entry.invalidSince());
    return isBefore ? Optional.empty() : Optional.of(new RevocationStatus.Revoked(entry.since()));
  }
}
