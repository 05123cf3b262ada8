package io.tributary.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One complete request as it came, without its length. Owns its bytes and its share of the memory
 * budget, which end apart: the bytes may go early, the share stays for what was copied from them.
 */
final class Frame {
  private final Route route;
  private final ByteBuf bytes;
  private final MemoryBudget.Claim claim;
  private final AtomicBoolean released = new AtomicBoolean();
  // The request itself is one holder until it is answered.
  private final AtomicInteger memoryHolders = new AtomicInteger(1);

  /** Takes over {@code bytes} and {@code claim}. */
  Frame(Route route, ByteBuf bytes, MemoryBudget.Claim claim) {
    this.route = route;
    this.bytes = bytes;
    this.claim = claim;
  }

  Route route() {
    return route;
  }

  int sizeInBytes() {
    return bytes.writerIndex();
  }

  /** A view that ends with {@link #releaseBytes()}. */
  ByteBuffer view() {
    return bytes.nioBuffer(0, bytes.writerIndex());
  }

  /** From any thread; idempotent. */
  void releaseBytes() {
    if (released.compareAndSet(false, true)) {
      bytes.release();
    }
  }

  /** From any thread, before {@link #end()}. */
  void keepMemoryUntil(CompletionStage<?> done) {
    memoryHolders.incrementAndGet();
    done.whenComplete((_, _) -> memoryHolderEnded());
  }

  /** The request is answered, or its connection is gone. Called once. */
  void end() {
    releaseBytes();
    memoryHolderEnded();
  }

  private void memoryHolderEnded() {
    if (memoryHolders.decrementAndGet() == 0) {
      claim.close();
    }
  }
}
