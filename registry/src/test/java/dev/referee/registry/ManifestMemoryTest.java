package dev.referee.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Manifest;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CVE-2017-11468 in the large: manifests together, and not one alone, fill memory")
class ManifestMemoryTest {
  /// Room for two of the largest, whatever is asked for.
  private final ManifestMemory memory = new ManifestMemory(0, Duration.ZERO);

  @Test
  void hasRoomForOneOfTheLargestAndManySmallOnes() throws StorageException {
    try (var largest = memory.hold(Manifest.MAX_BYTES)) {
      assertThat(largest).isNotNull();
      for (int i = 0; i < 100; i++) {
        assertThat(memory.hold(2_000)).isNotNull();
      }
    }
  }

  @Test
  void refusesWhatItHasNoRoomFor() throws StorageException {
    var unsaid = memory.hold(-1);
    assertThat(memory.hold(Manifest.MAX_BYTES)).isNotNull();

    // More than is taken counts as what is taken: its body is refused later.
    assertThatThrownBy(() -> memory.hold(Long.MAX_VALUE))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(StorageReason.OVERLOADED));
    unsaid.close();
    assertThat(memory.hold(Manifest.MAX_BYTES)).isNotNull();
  }

  @Test
  void givesBackWhatWasHeld() throws StorageException {
    for (int i = 0; i < 1_000; i++) {
      try (var share = memory.hold(Manifest.MAX_BYTES)) {
        assertThat(share).isNotNull();
      }
    }
  }
}
