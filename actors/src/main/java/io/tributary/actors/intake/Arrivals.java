package io.tributary.actors.intake;

import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where batches of all calling threads wait for the intake's loop: a lock-free stack that the loop
 * takes whole. The loop says how many waiting bytes are worth waking it ({@link #wakeAt}), so a
 * batch that only joins an object which a timer will seal costs no context switch.
 *
 * <p>Bounded by the memory that requests take before they are read.
 */
final class Arrivals {
  private final Runnable wake;
  private final AtomicReference<@Nullable ArrivedBatch> newest = new AtomicReference<>();
  private volatile long wakeAtBytes = 1;

  Arrivals(Runnable wake) {
    this.wake = wake;
  }

  /** Batches of one thread keep their order. */
  void add(ArrivedBatch batch) {
    ArrivedBatch before;
    do {
      before = newest.get();
      batch.earlier = before;
      batch.waitingBytes = batch.bytes.length() + (before == null ? 0 : before.waitingBytes);
    } while (!newest.compareAndSet(before, batch));
    long threshold = wakeAtBytes;
    boolean crosses =
        batch.waitingBytes >= threshold
            && (before == null || batch.waitingBytes - batch.bytes.length() < threshold);
    if (crosses) {
      wake.run();
    }
  }

  /**
   * Moves what waits to the end of {@code target}, oldest first; on the loop.
   *
   * @return how many bytes that were
   */
  long drainTo(Deque<ArrivedBatch> target) {
    ArrivedBatch oldest = null;
    ArrivedBatch next = newest.getAndSet(null);
    long bytes = next == null ? 0 : next.waitingBytes;
    while (next != null) {
      ArrivedBatch earlier = next.earlier;
      next.earlier = oldest;
      oldest = next;
      next = earlier;
    }
    while (oldest != null) {
      ArrivedBatch later = oldest.earlier;
      oldest.earlier = null;
      target.addLast(oldest);
      oldest = later;
    }
    return bytes;
  }

  /**
   * Wakes the loop once this many bytes wait; on the loop.
   *
   * @return whether so many wait already, in which case nobody may call
   */
  boolean wakeAt(long bytes) {
    wakeAtBytes = bytes;
    ArrivedBatch latest = newest.get();
    return latest != null && latest.waitingBytes >= bytes;
  }
}
