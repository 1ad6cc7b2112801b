package dev.referee.registry.storage;

class MemoryObjectStoreTest extends ObjectStoreContract {
  private final MemoryObjectStore memory = new MemoryObjectStore();

  @Override
  ObjectStore emptyStore() {
    return memory;
  }

  @Override
  ObjectStore reopened() {
    return memory;
  }
}
