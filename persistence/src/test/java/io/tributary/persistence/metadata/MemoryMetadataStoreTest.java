package io.tributary.persistence.metadata;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;

class MemoryMetadataStoreTest extends MetadataStoreContract {
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final MetadataStore store = new MemoryMetadataStore(executor);

  @AfterEach
  void close() {
    executor.shutdownNow();
  }

  @Override
  protected MetadataStore store() {
    return store;
  }
}
