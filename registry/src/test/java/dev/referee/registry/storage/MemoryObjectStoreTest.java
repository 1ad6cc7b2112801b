package dev.referee.registry.storage;

class MemoryObjectStoreTest extends ObjectStoreContract {
  private final MemoryObjectStore memory = new MemoryObjectStore();

  @Override
  protected ObjectStore emptyStore() {
    return memory;
  }

  @Override
  protected ObjectStore reopened() {
    return memory;
  }
}
