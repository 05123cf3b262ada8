package io.tributary.wire;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails every test class after which Netty reports a buffer that nobody released. */
public final class LeaksFail implements BeforeAllCallback, AfterAllCallback {
  private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

  @Override
  public void beforeAll(ExtensionContext context) {
    ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + "\n" + records));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    // A leak is found when the buffer is collected, and told when the next one is allocated.
    for (int i = 0; i < 3; i++) {
      System.gc();
      PooledByteBufAllocator.DEFAULT.directBuffer(64).release();
    }
    List<String> leaks = List.copyOf(LEAKS);
    LEAKS.clear();
    if (!leaks.isEmpty()) {
      throw new AssertionError("leaked buffers: " + leaks);
    }
  }
}
