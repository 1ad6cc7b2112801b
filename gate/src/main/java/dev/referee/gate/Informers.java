package dev.referee.gate;

import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts informers that never give up: an API server that is away, or a CRD that is not installed
/// yet, comes some time.
final class Informers {
  private static final Logger LOG = LoggerFactory.getLogger(Informers.class);

  private Informers() {}

  static void start(SharedIndexInformer<?> informer, String what) {
    informer.exceptionHandler(
        (started, cause) -> {
          LOG.warn("watching {} is interrupted and tried again: {}", what, cause.getMessage());
          return true;
        });
    informer
        .start()
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.error("watching {} failed", what, failure);
              }
            });
  }
}
