package dev.referee.operator.registry.model;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.api.v1alpha1.OciRegistrySpec.Retention;
import dev.referee.api.v1alpha1.OciRegistrySpec.S3;
import dev.referee.api.v1alpha1.RegistryEvents;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How `referee registry` is called in a pod: the one place that knows its options and where the
/// pod's files are.
final class RegistryCommandLine {
  /// Where it listens, inside and by its Service.
  static final int PORT = 5000;

  static final String ROOT = "/data";
  static final String TLS_FOLDER = "/etc/referee/tls";
  static final String ACCESS_FOLDER = "/etc/referee/access";
  static final String HTPASSWD_FOLDER = "/etc/referee/htpasswd";
  static final String ACCESS_FILE = "access.json";
  static final String HTPASSWD_FILE = "htpasswd";
  static final String CLIENTS_FILE = "clients.crt";
  static final String TOKENS_FOLDER = "/etc/referee/tokens";
  static final String EVENTS_FOLDER = "/etc/referee/events";
  static final String EVENTS_TOKEN_FILE = "token";
  static final String EVENTS_CA_FILE = "events-ca.crt";

  /// What nodes need to hear that a pod is gone from its Service.
  private static final String LAME_DUCK = "10s";

  private RegistryCommandLine() {}

  /// The arguments of the container, behind the command that is `referee` itself.
  ///
  /// @param host by which images name the registry
  static List<String> arguments(OciRegistrySpec spec, String host) {
    var arguments = new ArrayList<>(List.of("registry", "--listen", "0.0.0.0:" + PORT));
    var s3 = spec.storage().s3();
    if (s3 == null) {
      arguments.addAll(List.of("--root", ROOT));
    } else {
      addS3(arguments, s3);
    }
    arguments.addAll(
        List.of("--tls-cert", TLS_FOLDER + "/tls.crt", "--tls-key", TLS_FOLDER + "/tls.key"));
    arguments.addAll(List.of("--access", ACCESS_FOLDER + "/" + ACCESS_FILE));
    if (spec.access().htpasswdRef() != null) {
      arguments.addAll(List.of("--htpasswd", HTPASSWD_FOLDER + "/" + HTPASSWD_FILE));
    }
    if (spec.access().tokens() != null) {
      arguments.addAll(List.of("--token-key", TOKENS_FOLDER + "/" + TokenSecret.KEY));
    }
    if (spec.tls().clients() != null) {
      arguments.addAll(List.of("--client-ca", ACCESS_FOLDER + "/" + CLIENTS_FILE));
    }
    if (spec.events() != null) {
      addEvents(arguments, spec.events(), host);
    }
    if (spec.retention() != null) {
      addRetention(arguments, spec.retention());
    }
    if (spec.namesUpstreams()) {
      var file = UpstreamsFile.of(spec);
      arguments.addAll(List.of("--upstreams", ACCESS_FOLDER + "/" + file.name()));
    }
    if (spec.accessLog()) {
      arguments.add("--access-log");
    }
    arguments.addAll(List.of("--log-format", "json", "--lame-duck", LAME_DUCK));
    return arguments;
  }

  /// The token and the authorities are read for every event, so neither file is named by its
  /// content.
  private static void addEvents(List<String> arguments, RegistryEvents events, String host) {
    arguments.addAll(List.of("--events-sink", events.sink()));
    arguments.addAll(List.of("--events-source", "https://%s:%d".formatted(host, PORT)));
    if (events.tokenRef() != null) {
      arguments.addAll(List.of("--events-token-file", EVENTS_FOLDER + "/" + EVENTS_TOKEN_FILE));
    }
    if (events.caBundle() != null) {
      arguments.addAll(List.of("--events-ca", ACCESS_FOLDER + "/" + EVENTS_CA_FILE));
    }
  }

  private static void addRetention(List<String> arguments, Retention retention) {
    arguments.addAll(List.of("--collect", retention.dryRun() ? "explain" : "on"));
    arguments.addAll(List.of("--collect-every", minutes(retention.every())));
    arguments.addAll(List.of("--collect-grace", minutes(retention.grace())));
    arguments.addAll(List.of("--keep-untagged", minutes(retention.untagged())));
  }

  /// Rather longer than shorter.
  private static String minutes(Duration duration) {
    return "%dm".formatted(duration.plusSeconds(59).toMinutes());
  }

  private static void addS3(List<String> arguments, S3 s3) {
    arguments.addAll(List.of("--s3-bucket", s3.bucket(), "--s3-region", s3.region()));
    if (s3.endpoint() != null) {
      arguments.addAll(List.of("--s3-endpoint", s3.endpoint()));
    }
    if (s3.prefix() != null) {
      arguments.addAll(List.of("--s3-prefix", s3.prefix()));
    }
    if (s3.pathStyle()) {
      arguments.add("--s3-path-style");
    }
  }

  /// Credentials of a bucket come from the environment, where no list of processes shows them.
  static List<EnvVar> environment(OciRegistrySpec spec) {
    var s3 = spec.storage().s3();
    if (s3 == null || s3.credentialsRef() == null) {
      return List.of();
    }
    var secret = s3.credentialsRef().name();
    return List.of(
        fromSecret("AWS_ACCESS_KEY_ID", secret, "accessKeyId"),
        fromSecret("AWS_SECRET_ACCESS_KEY", secret, "secretAccessKey"));
  }

  private static EnvVar fromSecret(String variable, String secret, String key) {
    return new EnvVarBuilder()
        .withName(variable)
        .withNewValueFrom()
        .withNewSecretKeyRef(key, secret, false)
        .endValueFrom()
        .build();
  }
}
