package dev.referee.e2e.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.ObjectStoreContract;
import dev.referee.registry.storage.S3Settings;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import java.io.ByteArrayInputStream;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every store must do, over a real S3 service, and what only this one does.
@WithClients
class S3ObjectStoreE2E extends ObjectStoreContract {
  private static S3Service service;

  private final String prefix = "t/" + UUID.randomUUID();

  @BeforeAll
  static void startService() throws Exception {
    service = S3Service.start(GoBuilds.standard());
  }

  @AfterAll
  static void stopService() {
    service.close();
  }

  @Override
  protected ObjectStore emptyStore() throws Exception {
    return service.open(prefix);
  }

  @Override
  protected ObjectStore reopened() throws Exception {
    return service.open(prefix);
  }

  /// Another process has the lock, and gives it back.
  @Test
  void letsOnlyOneProcessIntoAnUpload() throws Exception {
    var one = emptyStore();
    var two = reopened();
    one.beginUpload("u1", new byte[0]).close();

    try (var upload = one.resumeUpload("u1").orElseThrow()) {
      assertThatThrownBy(() -> two.resumeUpload("u1"))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.reason()).isEqualTo(StorageReason.BUSY));
      upload.append(new ByteArrayInputStream("one".getBytes(UTF_8)));
    }
    try (var upload = two.resumeUpload("u1").orElseThrow()) {
      assertThat(upload.size()).isEqualTo(3);
      upload.abort();
    }
    assertThat(one.resumeUpload("u1")).isEmpty();
  }

  @Test
  void tellsVersionsOfObjectsApart() throws Exception {
    var store = emptyStore();
    store.put("v/k", "1".getBytes(UTF_8));
    var one = store.version("v/k");
    store.put("v/k", "2".getBytes(UTF_8));

    assertThat(one).isNotNull().isNotEqualTo(store.version("v/k"));
    assertThat(store.version("v/k")).isEqualTo(reopened().version("v/k"));
    assertThat(store.version("v/absent")).isNull();
  }

  @Test
  void saysThatABucketIsNotThere() {
    assertThatThrownBy(() -> service.open("absent-bucket", prefix))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(StorageReason.UNAVAILABLE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ab", "UPPER", "a b", "a/b", "-ab", "a_b"})
  void refusesWhatIsNoBucket(String name) {
    assertThatThrownBy(() -> new S3Settings(name, null, "us-east-1", "", false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
