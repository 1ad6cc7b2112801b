package dev.referee.e2e.operator;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A Secret as files, as a kubelet mounts it into a pod: all values change at one moment.
final class SecretFolder implements AutoCloseable {
  private final Path folder;
  private final SharedIndexInformer<Secret> informer;
  private final CountDownLatch there = new CountDownLatch(1);
  private int versions;

  /// @param folder empty; the files are behind its link `current`
  SecretFolder(KubernetesClient client, String namespace, String name, Path folder) {
    this.folder = requireNonNull(folder, "folder is null");
    this.informer = client.secrets().inNamespace(namespace).withName(name).runnableInformer(0);
    informer.addEventHandler(new Mirror());
    informer.run();
  }

  Path file(String key) {
    return folder.resolve("current").resolve(key);
  }

  /// Waits for the first version.
  void await() throws InterruptedException {
    if (!there.await(90, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the Secret was not written");
    }
  }

  private synchronized void write(Secret secret) {
    versions++;
    var version = folder.resolve("version-" + versions);
    try {
      Files.createDirectories(version);
      for (var entry : secret.getData().entrySet()) {
        Files.write(version.resolve(entry.getKey()), Base64.getDecoder().decode(entry.getValue()));
      }
      var link = Files.createSymbolicLink(folder.resolve("link-" + versions), version);
      Files.move(link, folder.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("the Secret cannot be written as files", e);
    }
    there.countDown();
  }

  @Override
  public void close() {
    informer.stop();
  }

  private final class Mirror implements ResourceEventHandler<Secret> {
    @Override
    public void onAdd(Secret secret) {
      write(secret);
    }

    @Override
    public void onUpdate(Secret before, Secret after) {
      write(after);
    }

    @Override
    public void onDelete(Secret secret, boolean lastStateUnknown) {
      // A kubelet keeps what it has.
    }
  }
}
