package dev.referee.server;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes up a server's new certificate, and new authorities of its clients, when their files
/// change.
///
/// The files are looked at again and again, and by content: what a kubelet mounts changes by a
/// symbolic link that no file event tells of.
public final class CertificateWatch implements AutoCloseable {
  /// A renewed certificate has days left; the kubelet itself takes up to a minute.
  public static final Duration INTERVAL = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

  private final HttpService service;
  private final TlsFiles files;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("certificate-watch").factory());
  private volatile int served;

  private CertificateWatch(HttpService service, TlsFiles files, int served) {
    this.service = requireNonNull(service, "service is null");
    this.files = requireNonNull(files, "files is null");
    this.served = served;
  }

  /// Begins to watch the files of a server that was just started with them.
  public static CertificateWatch start(HttpService service, TlsFiles files, Duration interval) {
    var watch = new CertificateWatch(service, files, fingerprint(files));
    // Runs until the timer is shut down; look lets nothing escape.
    var _ =
        watch.timer.scheduleWithFixedDelay(
            watch::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    return watch;
  }

  private void look() {
    int seen = fingerprint(files);
    if (seen == served) {
      return;
    }
    try {
      service.reloadCertificate();
      served = seen;
      LOG.info("the certificate in {} was taken up", files.certificateChain());
    } catch (ServerStartException | RuntimeException e) {
      // A pair that is half written, or broken: looked at again, and the old one serves meanwhile.
      LOG.warn("the old certificate stays: {}", e.getMessage());
    }
  }

  /// Changes with the content; zero while there is none.
  private static int fingerprint(TlsFiles files) {
    try {
      var clients = files.clients();
      int own =
          Arrays.hashCode(Files.readAllBytes(files.certificateChain())) * 31
              + Arrays.hashCode(Files.readAllBytes(files.key()));
      return clients == null ? own : own * 31 + Arrays.hashCode(Files.readAllBytes(clients.file()));
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
