package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static java.util.Objects.requireNonNull;

import dev.referee.verify.signature.UnprovenException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an envelope says under its signature, in either encoding (signature-specification.md,
/// "Signed Attributes").
///
/// @param scheme whose word the time is
/// @param signingTime when it was signed, by the scheme's word
/// @param expiry "best by"; null, never
record Headers(SigningScheme scheme, Instant signingTime, @Nullable Instant expiry) {
  private static final String NAMESPACE = "io.cncf.notary.";

  static final String SIGNING_SCHEME = NAMESPACE + "signingScheme";
  static final String SIGNING_TIME = NAMESPACE + "signingTime";
  static final String AUTHENTIC_SIGNING_TIME = NAMESPACE + "authenticSigningTime";
  static final String EXPIRY = NAMESPACE + "expiry";
  static final String TIMESTAMP_SIGNATURE = NAMESPACE + "timestampSignature";
  static final String SIGNING_AGENT = NAMESPACE + "signingAgent";
  static final String PAYLOAD_TYPE = "application/vnd.cncf.notary.payload.v1+json";

  private static final Set<String> KNOWN =
      Set.of(SIGNING_SCHEME, SIGNING_TIME, AUTHENTIC_SIGNING_TIME, EXPIRY);
  private static final Set<String> CRITICAL =
      Set.of(SIGNING_SCHEME, AUTHENTIC_SIGNING_TIME, EXPIRY);

  Headers {
    requireNonNull(scheme, "scheme is null");
    requireNonNull(signingTime, "signingTime is null");
  }

  /// The signed headers with names of their own, as one encoding or the other has them.
  interface Source {
    Collection<String> names();

    String text(String name) throws UnprovenException;

    Instant time(String name) throws UnprovenException;
  }

  /// Reads the headers.
  ///
  /// @param critical the names that the signer calls critical, in the envelope's order
  /// @throws UnprovenException with `MALFORMED_EVIDENCE` or `UNSUPPORTED_EVIDENCE`
  static Headers read(Source source, List<String> critical) throws UnprovenException {
    var names = source.names();
    checkCritical(names, critical);
    for (var name : names) {
      // The namespace is the specification's own: what is in it and not known here, such as a
      // plug-in that has to take part in the verification, is of a version that is not read.
      if (name.startsWith(NAMESPACE) && !KNOWN.contains(name)) {
        throw new UnprovenException(
            UNSUPPORTED_EVIDENCE, "a signed header that is not read: " + brief(name));
      }
    }
    if (!names.contains(SIGNING_SCHEME)) {
      throw malformed("has no signing scheme");
    }
    var scheme = SigningScheme.of(source.text(SIGNING_SCHEME));
    if (!names.contains(scheme.timeHeader()) || names.contains(scheme.otherTimeHeader())) {
      throw malformed("has another signing time than its scheme asks for");
    }
    return new Headers(
        scheme,
        source.time(scheme.timeHeader()),
        names.contains(EXPIRY) ? source.time(EXPIRY) : null);
  }

  private static void checkCritical(Collection<String> names, List<String> critical)
      throws UnprovenException {
    var listed = new HashSet<String>();
    for (var name : critical) {
      if (!CRITICAL.contains(name)) {
        throw new UnprovenException(
            UNSUPPORTED_EVIDENCE, "a critical header that is not read: " + brief(name));
      }
      if (!listed.add(name) || !names.contains(name)) {
        throw malformed("lists a critical header twice, or one that it does not have");
      }
    }
    for (var name : CRITICAL) {
      if (names.contains(name) && !listed.contains(name)) {
        throw malformed("does not call %s critical".formatted(name));
      }
    }
  }

  static void checkPayloadType(String type) throws UnprovenException {
    if (!type.equals(PAYLOAD_TYPE)) {
      throw new UnprovenException(
          UNSUPPORTED_EVIDENCE, "a payload of type %s is not read".formatted(brief(type)));
    }
  }

  static UnprovenException malformed(String what) {
    return new UnprovenException(MALFORMED_EVIDENCE, "the envelope " + what);
  }

  static String brief(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }
}
