package io.tributary.persistence.objects;

class MemoryObjectStoreTest extends ObjectStoreContract {
  private final ObjectStore store = new MemoryObjectStore(Runnable::run);

  @Override
  protected ObjectStore store() {
    return store;
  }
}
