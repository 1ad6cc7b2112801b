package dev.referee.operator.certificates;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The two Secrets that keep the certificate. The webhook reads the second one only: it never sees
/// the key of an authority.
public final class CertificateSecrets {
  /// Keeps the authorities.
  public static final String AUTHORITY = "referee-webhook-ca";

  /// Keeps what the webhook shows, as `kubernetes.io/tls`, also where cert-manager fills it.
  public static final String SERVING = "referee-webhook-tls";

  /// The key under which cert-manager, too, keeps the authority of a certificate.
  private static final String BUNDLE = "ca.crt";

  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";
  private static final String SUCCESSOR_CERTIFICATE = "next.crt";
  private static final String SUCCESSOR_KEY = "next.key";

  private CertificateSecrets() {}

  /// What the Secrets say. What cannot be read counts as lost; both know whom clients are to
  /// accept, so that a Secret that is deleted takes along no authority whose certificate is still
  /// shown.
  public static CertificateState read(@Nullable Secret authority, @Nullable Secret serving) {
    return new CertificateState(
        Credential.parse(value(authority, CERTIFICATE), value(authority, KEY)).orElse(null),
        Credential.parse(value(authority, SUCCESSOR_CERTIFICATE), value(authority, SUCCESSOR_KEY))
            .orElse(null),
        Stream.of(authority, serving)
            .flatMap(secret -> Pem.certificates(value(secret, BUNDLE)).stream())
            .distinct()
            .toList(),
        Credential.parse(value(serving, CERTIFICATE), value(serving, KEY)).orElse(null));
  }

  /// The authorities of a certificate that somebody else issues; empty where there is none.
  public static String foreignBundle(@Nullable Secret serving) {
    return Pem.of(Pem.certificates(value(serving, BUNDLE)));
  }

  /// The Secret of the authorities.
  ///
  /// @param existing what is there, and what a concurrent change is recognised by; null to create
  public static Secret authority(
      CertificateState state, String namespace, @Nullable Secret existing) {
    var data = new TreeMap<String, String>();
    put(data, state.authority(), CERTIFICATE, KEY);
    put(data, state.successor(), SUCCESSOR_CERTIFICATE, SUCCESSOR_KEY);
    data.put(BUNDLE, encoded(state.bundle()));
    return secret(AUTHORITY, namespace, "Opaque", data, existing);
  }

  /// The Secret that the webhook reads.
  public static Secret serving(
      CertificateState state, String namespace, @Nullable Secret existing) {
    var data = new TreeMap<String, String>();
    put(data, state.serving(), CERTIFICATE, KEY);
    data.put(BUNDLE, encoded(state.bundle()));
    return secret(SERVING, namespace, "kubernetes.io/tls", data, existing);
  }

  /// Whether two Secrets keep the same.
  public static boolean same(@Nullable Secret one, Secret other) {
    return one != null && one.getData() != null && one.getData().equals(other.getData());
  }

  private static Secret secret(
      String name,
      String namespace,
      String type,
      Map<String, String> data,
      @Nullable Secret existing) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .addToLabels("app.kubernetes.io/part-of", "referee")
        .addToLabels("app.kubernetes.io/managed-by", "referee-operator")
        .withResourceVersion(existing == null ? null : existing.getMetadata().getResourceVersion())
        .endMetadata()
        .withType(existing == null ? type : existing.getType())
        .withData(data)
        .build();
  }

  private static void put(
      Map<String, String> data, @Nullable Credential credential, String certificate, String key) {
    if (credential != null) {
      data.put(certificate, encoded(credential.certificatePem()));
      data.put(key, encoded(credential.keyPem()));
    }
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String value(@Nullable Secret secret, String key) {
    if (secret == null || secret.getData() == null) {
      return "";
    }
    try {
      return new String(Base64.getDecoder().decode(secret.getData().getOrDefault(key, "")), UTF_8);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }
}
