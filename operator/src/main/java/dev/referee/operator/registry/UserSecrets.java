package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.api.v1alpha1.SecretReference;
import dev.referee.operator.registry.model.ContentHash;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The Secrets of a registry's own namespace, by name.
final class UserSecrets {
  private final KubernetesClient client;
  private final String namespace;

  UserSecrets(KubernetesClient client, String namespace) {
    this.client = requireNonNull(client, "client is null");
    this.namespace = requireNonNull(namespace, "namespace is null");
  }

  /// Checks those that the pods mount, and names what they hold: a new name means that pods must
  /// start anew to see it. The registry itself takes up new users, tokens and certificates.
  String checkMounted(OciRegistrySpec spec) throws UnsatisfiedException {
    var htpasswd = spec.access().htpasswdRef();
    if (htpasswd != null) {
      var _ = require(htpasswd, "spec.access.htpasswdRef", "htpasswd");
    }
    var events = spec.events();
    if (events != null && events.tokenRef() != null) {
      var _ = require(events.tokenRef(), "spec.events.tokenRef", "token");
    }
    var s3 = spec.storage().s3();
    if (s3 == null || s3.credentialsRef() == null) {
      return "";
    }
    var credentials =
        require(
            s3.credentialsRef(),
            "spec.storage.s3.credentialsRef",
            "accessKeyId",
            "secretAccessKey");
    return ContentHash.of(
        ContentHash.of(credentials.getOrDefault("accessKeyId", new byte[0]))
            + ContentHash.of(credentials.getOrDefault("secretAccessKey", new byte[0])));
  }

  /// The content of a Secret that the spec names.
  ///
  /// @param field where the spec names it
  /// @param keys what it must have
  Map<String, byte[]> require(SecretReference reference, String field, String... keys)
      throws UnsatisfiedException {
    var data = read(reference.name());
    if (data == null) {
      throw new UnsatisfiedException(
          RegistryReason.SECRET_NOT_FOUND,
          "Secret %s, which %s names, is not in namespace %s"
              .formatted(reference.name(), field, namespace));
    }
    for (var key : keys) {
      if (data.getOrDefault(key, new byte[0]).length == 0) {
        throw new UnsatisfiedException(
            RegistryReason.SECRET_INCOMPLETE,
            "Secret %s, which %s names, has no %s".formatted(reference.name(), field, key));
      }
    }
    return data;
  }

  /// The content of one of our own Secrets; empty where it is not there.
  Map<String, byte[]> own(String name) throws UnsatisfiedException {
    var data = read(name);
    return data == null ? Map.of() : data;
  }

  private @Nullable Map<String, byte[]> read(String name) throws UnsatisfiedException {
    var secret = get(name);
    if (secret == null) {
      return null;
    }
    var data = new TreeMap<String, byte[]>();
    if (secret.getData() != null) {
      secret.getData().forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
    }
    return data;
  }

  /// An installation need not let the operator have the Secrets of every namespace.
  private @Nullable Secret get(String name) throws UnsatisfiedException {
    try {
      return client.secrets().inNamespace(namespace).withName(name).get();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
        throw e;
      }
      throw new UnsatisfiedException(
          RegistryReason.SECRETS_FORBIDDEN,
          ("the operator may not get, create, patch and delete Secrets in namespace %s, which"
                  + " registries need; bind a role there that lets it")
              .formatted(namespace));
    }
  }
}
