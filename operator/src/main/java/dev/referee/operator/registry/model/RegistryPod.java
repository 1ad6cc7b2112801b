package dev.referee.operator.registry.model;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.api.v1alpha1.SecretReference;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pod of a registry, within Pod Security's `restricted`.
final class RegistryPod {
  /// The container, the volume of the store, and the prefix of its claim.
  static final String CONTAINER = "registry";

  static final String DATA = "data";
  static final String PORT_NAME = "registry";

  /// The user of distroless images, which owns nothing on the node.
  static final long USER = 65532;

  /// Uploads in flight end, and Services hear of the end before.
  private static final long TERMINATION_SECONDS = 60;

  /// Of the pod template: changes with what the registry reads only at its start.
  private static final String CONFIGURATION = "referee.dev/configuration";

  /// How the image starts Java, with what keeps a registry small: what it needs of its heap is some
  /// 15 MiB, and what a burst took goes back soon. Said here, because java says of options from its
  /// environment that it has them, and not in JSON.
  private static final List<String> COMMAND =
      List.of(
          "/opt/referee/runtime/bin/java",
          "-XX:+UseSerialGC",
          // Room for what uploads have in their hands, or it would be kept for long.
          "-Xmn32m",
          "-XX:SurvivorRatio=2",
          "-XX:MinHeapFreeRatio=10",
          "-XX:MaxHeapFreeRatio=20",
          "@/opt/referee/java.args");

  private final RegistryNames names;
  private final OciRegistrySpec spec;
  private final RegistryInputs inputs;

  RegistryPod(RegistryNames names, OciRegistrySpec spec, RegistryInputs inputs) {
    this.names = requireNonNull(names, "names is null");
    this.spec = requireNonNull(spec, "spec is null");
    this.inputs = requireNonNull(inputs, "inputs is null");
  }

  PodTemplateSpec template() {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(names.labels())
        .withAnnotations(Map.of(CONFIGURATION, inputs.configurationHash()))
        .endMetadata()
        .withNewSpec()
        .withServiceAccountName(names.name())
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(TERMINATION_SECONDS)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .addNewTopologySpreadConstraint()
        .withMaxSkew(1)
        .withTopologyKey("kubernetes.io/hostname")
        .withWhenUnsatisfiable("ScheduleAnyway")
        .withNewLabelSelector()
        .withMatchLabels(names.selector())
        .endLabelSelector()
        .endTopologySpreadConstraint()
        .withContainers(container())
        .withVolumes(volumes())
        .endSpec()
        .build();
  }

  private Container container() {
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(inputs.image())
        .withCommand(COMMAND)
        .withArgs(RegistryCommandLine.arguments(spec, names.host(inputs.clusterDomain())))
        .withEnv(RegistryCommandLine.environment(spec))
        .addNewPort()
        .withName(PORT_NAME)
        .withContainerPort(RegistryCommandLine.PORT)
        .withProtocol("TCP")
        .endPort()
        .withStartupProbe(probe("/livez", 2, 60))
        .withLivenessProbe(probe("/livez", 10, 6))
        .withReadinessProbe(probe("/readyz", 5, 2))
        .withNewResources()
        // No limit of CPU: a throttled start misses its probes, a throttled handshake its client.
        .addToRequests("cpu", new Quantity("100m"))
        .addToRequests("memory", new Quantity("256Mi"))
        .addToLimits("memory", new Quantity("512Mi"))
        .endResources()
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .withVolumeMounts(mounts())
        .build();
  }

  private static Probe probe(String path, int periodSeconds, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withPort(new IntOrString(PORT_NAME))
        .withScheme("HTTPS")
        .endHttpGet()
        .withPeriodSeconds(periodSeconds)
        .withTimeoutSeconds(5)
        .withFailureThreshold(failures)
        .build();
  }

  private List<VolumeMount> mounts() {
    var mounts = new ArrayList<VolumeMount>();
    if (spec.storage().persistentVolume() != null) {
      mounts.add(mount(DATA, RegistryCommandLine.ROOT, false));
    }
    mounts.add(mount("tmp", "/tmp", false));
    mounts.add(mount("tls", RegistryCommandLine.TLS_FOLDER, true));
    mounts.add(mount("access", RegistryCommandLine.ACCESS_FOLDER, true));
    if (spec.access().htpasswdRef() != null) {
      mounts.add(mount("htpasswd", RegistryCommandLine.HTPASSWD_FOLDER, true));
    }
    if (spec.access().tokens() != null) {
      mounts.add(mount("tokens", RegistryCommandLine.TOKENS_FOLDER, true));
    }
    if (eventsToken() != null) {
      mounts.add(mount("events", RegistryCommandLine.EVENTS_FOLDER, true));
    }
    for (var secret : UpstreamCredentials.of(spec)) {
      mounts.add(
          mount(UpstreamCredentials.volume(secret), UpstreamCredentials.folder(secret), true));
    }
    return mounts;
  }

  /// The store's is not among them: a StatefulSet makes a claim for it, and a bucket needs none.
  private List<Volume> volumes() {
    var volumes = new ArrayList<Volume>();
    volumes.add(new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir().build());
    volumes.add(
        new VolumeBuilder()
            .withName("tls")
            .withNewSecret()
            .withSecretName(inputs.servingSecret())
            .withItems(item("tls.crt"), item("tls.key"))
            .endSecret()
            .build());
    volumes.add(
        new VolumeBuilder()
            .withName("access")
            .withNewConfigMap()
            .withName(names.access())
            .endConfigMap()
            .build());
    if (spec.access().htpasswdRef() != null) {
      volumes.add(
          new VolumeBuilder()
              .withName("htpasswd")
              .withNewSecret()
              .withSecretName(spec.access().htpasswdRef().name())
              .withItems(item(RegistryCommandLine.HTPASSWD_FILE))
              .endSecret()
              .build());
    }
    if (spec.access().tokens() != null) {
      volumes.add(
          new VolumeBuilder()
              .withName("tokens")
              .withNewSecret()
              .withSecretName(names.tokens())
              .withItems(item(TokenSecret.KEY))
              .endSecret()
              .build());
    }
    var token = eventsToken();
    if (token != null) {
      volumes.add(
          new VolumeBuilder()
              .withName("events")
              .withNewSecret()
              .withSecretName(token.name())
              .withItems(item(RegistryCommandLine.EVENTS_TOKEN_FILE))
              .endSecret()
              .build());
    }
    for (var secret : UpstreamCredentials.of(spec)) {
      volumes.add(
          new VolumeBuilder()
              .withName(UpstreamCredentials.volume(secret))
              .withNewSecret()
              .withSecretName(secret.name())
              .withItems(item(UpstreamCredentials.KEY, UpstreamCredentials.FILE))
              .endSecret()
              .build());
    }
    return volumes;
  }

  private @Nullable SecretReference eventsToken() {
    var events = spec.events();
    return events == null ? null : events.tokenRef();
  }

  private static VolumeMount mount(String name, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(name)
        .withMountPath(path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }

  private static KeyToPath item(String key) {
    return item(key, key);
  }

  private static KeyToPath item(String key, String path) {
    return new KeyToPathBuilder().withKey(key).withPath(path).build();
  }
}
