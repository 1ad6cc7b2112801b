package dev.referee.operator.admission;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfigBuilder;
import java.net.URI;
import java.util.List;

/// Where API servers reach the webhook.
public sealed interface WebhookEndpoint {
  /// How a webhook configuration names it.
  ///
  /// @param path of the URL, which begins with `/`
  /// @param bundle the authorities to trust, in Base64
  WebhookClientConfig clientConfig(String path, String bundle);

  /// Where this process reaches it.
  URI uri(String path);

  /// What its certificate has to name.
  List<String> names();

  /// A Service of the cluster.
  ///
  /// @param namespace where Referee runs
  /// @param name of the Service, which listens on 443
  record OfService(String namespace, String name) implements WebhookEndpoint {
    private static final int PORT = 443;

    public OfService {
      requireNonNull(namespace, "namespace is null");
      requireNonNull(name, "name is null");
    }

    @Override
    public WebhookClientConfig clientConfig(String path, String bundle) {
      return new WebhookClientConfigBuilder()
          .withNewService()
          .withNamespace(namespace)
          .withName(name)
          .withPath(path)
          .withPort(PORT)
          .endService()
          .withCaBundle(bundle)
          .build();
    }

    @Override
    public URI uri(String path) {
      return URI.create("https://%s.%s.svc:%d%s".formatted(name, namespace, PORT, path));
    }

    /// API servers ask for `<name>.<namespace>.svc`, whatever the cluster's domain is.
    @Override
    public List<String> names() {
      return List.of("%s.%s.svc".formatted(name, namespace), "%s.%s".formatted(name, namespace));
    }
  }

  /// A server beside the cluster.
  ///
  /// @param base `https://HOST:PORT`
  record AtUrl(URI base) implements WebhookEndpoint {
    public AtUrl {
      requireNonNull(base, "base is null");
      if (!"https".equals(base.getScheme())
          || base.getHost() == null
          || !base.getRawPath().isEmpty()
          || base.getRawQuery() != null
          || base.getRawFragment() != null
          || base.getRawUserInfo() != null) {
        throw new IllegalArgumentException(
            "\"%s\" is not a URL such as https://10.0.0.1:8443".formatted(base));
      }
    }

    @Override
    public WebhookClientConfig clientConfig(String path, String bundle) {
      return new WebhookClientConfigBuilder().withUrl(base + path).withCaBundle(bundle).build();
    }

    @Override
    public URI uri(String path) {
      return URI.create(base + path);
    }

    @Override
    public List<String> names() {
      var host = base.getHost();
      return List.of(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    }
  }
}
