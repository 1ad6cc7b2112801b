package dev.referee.registry.storage;

import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

class S3ObjectStoreTest extends ObjectStoreContract {
  private final LocalS3 service = new LocalS3();

  @AfterEach
  void stop() {
    service.close();
  }

  @Override
  protected ObjectStore emptyStore() throws Exception {
    return service.open(InstantSource.system());
  }

  @Override
  protected ObjectStore reopened() throws Exception {
    return service.open(InstantSource.system());
  }
}
