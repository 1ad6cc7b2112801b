package dev.referee.verify.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.oci.ContentReason;
import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads trust roots: one JSON document, or one a line, as `gh attestation trusted-root` prints
/// them. Roots are kept apart: who is trusted by one is not vouched for by another's logs.
public final class TrustRootReader {
  /// The public instance's has 7 KiB.
  private static final int MAX_BYTES = 1 << 20;

  private static final int MAX_ROOTS = 16;
  private static final int MAX_MEMBERS = 64;
  private static final int MAX_CHAIN = 8;

  private static final Set<String> MEDIA_TYPES =
      Set.of(
          "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
          "application/vnd.dev.sigstore.trustedroot+json;version=0.2",
          "application/vnd.dev.sigstore.trustedroot.v0.2+json");

  private TrustRootReader() {}

  /// Reads the roots, at least one.
  ///
  /// @throws UnusableTrustRootException when the document is none
  public static List<TrustRoot> read(byte[] content) throws UnusableTrustRootException {
    if (content.length > MAX_BYTES) {
      throw new UnusableTrustRootException(
          "the trust root has %d bytes, %d are read".formatted(content.length, MAX_BYTES));
    }
    var lines = new String(content, UTF_8).lines().filter(line -> !line.isBlank()).toList();
    boolean isLines =
        lines.size() > 1
            && lines.stream().allMatch(l -> l.startsWith("{") && l.stripTrailing().endsWith("}"));
    if (!isLines) {
      return List.of(readOne(content));
    }
    if (lines.size() > MAX_ROOTS) {
      throw new UnusableTrustRootException(
          "there are %d trust roots, %d are read".formatted(lines.size(), MAX_ROOTS));
    }
    var roots = new ArrayList<TrustRoot>();
    for (var line : lines) {
      roots.add(readOne(line.getBytes(UTF_8)));
    }
    return List.copyOf(roots);
  }

  private static TrustRoot readOne(byte[] content) throws UnusableTrustRootException {
    try {
      var fields = StrictJson.readObject(content, MAX_BYTES);
      var mediaType = fields.text("mediaType");
      if (!MEDIA_TYPES.contains(mediaType)) {
        throw new UnusableTrustRootException(
            "a trust root of type %s is not read"
                .formatted(mediaType.substring(0, Math.min(mediaType.length(), 100))));
      }
      return new TrustRoot(
          Digest.of(content),
          authorities(fields, "certificateAuthorities"),
          logs(fields, "ctlogs"),
          logs(fields, "tlogs"),
          authorities(fields, "timestampAuthorities"));
    } catch (MalformedContentException e) {
      throw new UnusableTrustRootException("the trust root is malformed: " + e.getMessage());
    }
  }

  private static List<TrustedAuthority> authorities(JsonFields fields, String name)
      throws UnusableTrustRootException {
    var authorities = new ArrayList<TrustedAuthority>();
    for (var authority : members(fields, name)) {
      var certificates = authority.object("certChain").objects("certificates");
      if (certificates.isEmpty() || certificates.size() > MAX_CHAIN) {
        throw new UnusableTrustRootException(
            "an authority of %s has %d certificates, not 1 to %d"
                .formatted(name, certificates.size(), MAX_CHAIN));
      }
      var chain = new ArrayList<X509Certificate>();
      for (var certificate : certificates) {
        chain.add(certificate(name, bytes(certificate, "rawBytes")));
      }
      var uri = authority.optionalText("uri");
      var subject = authority.optionalObject("subject");
      var common = subject == null ? null : subject.optionalText("commonName");
      authorities.add(
          new TrustedAuthority(
              uri != null ? uri : common != null ? common : "an authority without a name",
              operator(authority),
              chain,
              window(authority.optionalObject("validFor"))));
    }
    return authorities;
  }

  private static String operator(JsonFields member) {
    var operator = member.optionalText("operator");
    return operator == null ? "" : operator;
  }

  private static X509Certificate certificate(String name, byte[] der)
      throws UnusableTrustRootException {
    return Certificates.read(der)
        .orElseThrow(
            () ->
                new UnusableTrustRootException(
                    "a certificate of %s is not an X.509 certificate in DER".formatted(name)));
  }

  private static List<TrustedLog> logs(JsonFields fields, String name)
      throws UnusableTrustRootException {
    var logs = new ArrayList<TrustedLog>();
    for (var log : members(fields, name)) {
      var id = bytes(log.object("logId"), "keyId");
      var checkpointId = log.optionalObject("checkpointKeyId");
      var signer = checkpointId == null ? id : bytes(checkpointId, "keyId");
      if (id.length < 4 || signer.length < 4) {
        throw new UnusableTrustRootException("a log of %s has an id of few bytes".formatted(name));
      }
      var baseUrl = log.optionalText("baseUrl");
      logs.add(
          new TrustedLog(
              id,
              Arrays.copyOf(signer, 4),
              LogName.of(baseUrl == null ? "" : baseUrl),
              operator(log),
              trust(log.object("publicKey"))));
    }
    return logs;
  }

  /// A log whose key is of an unknown kind, or that is trusted since nobody knows when, spoils
  /// itself and no other.
  private static TrustedLog.Trust trust(JsonFields publicKey) throws UnusableTrustRootException {
    var window = window(publicKey.optionalObject("validFor"));
    if (window == null) {
      return new TrustedLog.Trust.Unusable("the trust root does not say since when it is trusted");
    }
    var details = publicKey.optionalText("keyDetails");
    try {
      return new TrustedLog.Trust.Usable(
          LogKeys.read(bytes(publicKey, "rawBytes"), details == null ? "" : details), window);
    } catch (UnusableKeyException e) {
      return new TrustedLog.Trust.Unusable(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Window window(@Nullable JsonFields range) {
    var start = range == null ? null : range.optionalText("start");
    if (range == null || start == null) {
      return null;
    }
    var end = range.optionalText("end");
    return new Window(instant(start), end == null ? null : instant(end));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new MalformedContentException(
          ContentReason.FIELD_INVALID, "validFor is not a time of RFC 3339");
    }
  }

  private static List<JsonFields> members(JsonFields fields, String name)
      throws UnusableTrustRootException {
    var members = fields.objects(name);
    if (members.size() > MAX_MEMBERS) {
      throw new UnusableTrustRootException(
          "%s has %d members, %d are read".formatted(name, members.size(), MAX_MEMBERS));
    }
    return members;
  }

  private static byte[] bytes(JsonFields fields, String name) throws UnusableTrustRootException {
    try {
      return Base64.getDecoder().decode(fields.text(name));
    } catch (IllegalArgumentException e) {
      throw new UnusableTrustRootException(name + " is not base64");
    }
  }
}
