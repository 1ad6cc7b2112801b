package dev.referee.e2e.registries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.e2e.chain.RefereeProcess;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a kubelet does for the one container of a pod, as far as a registry needs it: the files of
/// its volumes as the API server has them, and its process with its arguments. Folders are moved
/// below one of this machine, and it listens on loopback, at any port.
final class PodOnThisMachine {
  private static final String EVERYWHERE = "0.0.0.0:5000";

  private final KubernetesClient client;
  private final String namespace;
  private final PodSpec pod;
  private final Path root;

  PodOnThisMachine(KubernetesClient client, String namespace, PodSpec pod, Path root) {
    this.client = requireNonNull(client, "client is null");
    this.namespace = requireNonNull(namespace, "namespace is null");
    this.pod = requireNonNull(pod, "pod is null");
    this.root = requireNonNull(root, "root is null");
  }

  RefereeProcess start() throws IOException {
    writeFiles();
    var container = pod.getContainers().getFirst();
    var arguments =
        container.getArgs().stream()
            .map(argument -> argument.equals(EVERYWHERE) ? "127.0.0.1:0" : moved(argument))
            .toList();
    return RefereeProcess.serve(
        root,
        Map.of(),
        arguments.getFirst(),
        arguments.subList(1, arguments.size()).toArray(String[]::new));
  }

  /// Writes what the volumes have by now.
  void writeFiles() throws IOException {
    var volumes =
        pod.getVolumes().stream().collect(Collectors.toMap(Volume::getName, volume -> volume));
    for (var mount : pod.getContainers().getFirst().getVolumeMounts()) {
      var folder = Files.createDirectories(Path.of(moved(mount.getMountPath())));
      var volume = volumes.get(mount.getName());
      // A claim's has nothing in it at first.
      if (volume != null) {
        for (var file : files(volume).entrySet()) {
          Files.write(folder.resolve(file.getKey()), file.getValue());
        }
      }
    }
  }

  private Map<String, byte[]> files(Volume volume) {
    var files = new TreeMap<String, byte[]>();
    if (volume.getConfigMap() != null) {
      var map =
          client
              .configMaps()
              .inNamespace(namespace)
              .withName(volume.getConfigMap().getName())
              .require();
      // Some of them name others.
      map.getData().forEach((name, text) -> files.put(name, bytes(moved(text))));
    } else if (volume.getSecret() != null) {
      var secret =
          client
              .secrets()
              .inNamespace(namespace)
              .withName(volume.getSecret().getSecretName())
              .require();
      for (KeyToPath item : items(volume)) {
        files.put(item.getPath(), Base64.getDecoder().decode(secret.getData().get(item.getKey())));
      }
    }
    return files;
  }

  private static List<KeyToPath> items(Volume volume) {
    var items = volume.getSecret().getItems();
    if (items.isEmpty()) {
      throw new IllegalStateException("every key of a Secret is mounted: " + volume.getName());
    }
    return items;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /// The folders of the pod, wherever they are named.
  private String moved(String text) {
    return text.replace("/etc/referee/", root.resolve("etc") + "/")
        .replaceFirst("^/(data|tmp)$", root + "/$1");
  }
}
