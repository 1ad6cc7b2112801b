package dev.referee.testing;

import dev.referee.oci.ArtifactSink;
import dev.referee.oci.ArtifactSource;
import dev.referee.testing.contract.ArtifactSourceContract;

class MemoryRepositoryTest extends ArtifactSourceContract {
  private final MemoryRepository repository = new MemoryRepository();

  @Override
  protected ArtifactSink sink() {
    return repository;
  }

  @Override
  protected ArtifactSource source() {
    return repository;
  }
}
