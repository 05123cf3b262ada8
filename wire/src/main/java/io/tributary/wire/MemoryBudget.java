package io.tributary.wire;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The memory that requests of one {@link MemoryClass} may hold, over all connections. Waiters get
 * their turn in the order they came.
 *
 * <p>A frame is taken in pieces, as its bytes arrive, so begun frames could fill the bound and wait
 * for each other for ever. Therefore one frame at a time, the <em>overdrawer</em>, may pass the
 * bound, and begun frames go before others, the oldest first, so that memory finishes frames rather
 * than being spread over many. At most {@code bytesMax} and one frame are taken.
 */
final class MemoryBudget {
  private final long bytesMax;
  private final TreeSet<Claim> growing =
      new TreeSet<>(Comparator.comparingLong((Claim claim) -> claim.order));
  private final LinkedHashSet<Claim> starting = new LinkedHashSet<>();
  private long takenBytes;
  private long nextOrder;
  private @Nullable Claim overdrawer;

  MemoryBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** What one request holds. Used by one thread at a time. */
  final class Claim {
    private final Runnable onGranted;
    private final long order;
    private long heldBytes;
    private long wantedBytes;

    private Claim(Runnable onGranted, long order) {
      this.onGranted = onGranted;
      this.order = order;
    }

    /**
     * Takes {@code bytes} more.
     *
     * @return false: they come later, which {@code onGranted} tells
     */
    boolean take(long bytes) {
      return takeOrWait(this, bytes);
    }

    /** Gives everything back and waits no more. Idempotent. */
    void close() {
      giveBack(this);
    }
  }

  /**
   * @param onGranted called by whichever thread gave the memory back
   */
  synchronized Claim claim(Runnable onGranted) {
    return new Claim(onGranted, nextOrder++);
  }

  /** Whether somebody waits for memory that somebody else holds. */
  synchronized boolean isShort() {
    return !growing.isEmpty() || !starting.isEmpty();
  }

  synchronized long takenBytes() {
    return takenBytes;
  }

  /** The most that a frame may ask for before any of its bytes stand in memory. */
  long startBytesMax() {
    return bytesMax / 8;
  }

  private synchronized boolean takeOrWait(Claim claim, long bytes) {
    boolean begun = claim.heldBytes > 0;
    boolean nobodyBefore =
        growing.isEmpty() ? begun || starting.isEmpty() : begun && claim.order < first(growing);
    if (claim == overdrawer || (nobodyBefore && fits(bytes))) {
      grant(claim, bytes);
      return true;
    }
    if (begun && overdrawer == null) {
      overdrawer = claim;
      grant(claim, bytes);
      return true;
    }
    claim.wantedBytes = bytes;
    (begun ? growing : starting).add(claim);
    return false;
  }

  private void giveBack(Claim claim) {
    List<Claim> granted = new ArrayList<>();
    synchronized (this) {
      growing.remove(claim);
      starting.remove(claim);
      takenBytes -= claim.heldBytes;
      claim.heldBytes = 0;
      if (overdrawer == claim) {
        overdrawer = null;
      }
      grantWaiting(granted);
    }
    granted.forEach(waiter -> waiter.onGranted.run());
  }

  private void grantWaiting(List<Claim> granted) {
    for (Iterator<Claim> waiters = growing.iterator(); waiters.hasNext(); ) {
      Claim waiter = waiters.next();
      if (!fits(waiter.wantedBytes)) {
        if (overdrawer != null) {
          return;
        }
        overdrawer = waiter;
      }
      waiters.remove();
      grant(waiter, waiter.wantedBytes);
      granted.add(waiter);
    }
    for (Iterator<Claim> waiters = starting.iterator(); waiters.hasNext(); ) {
      Claim waiter = waiters.next();
      if (!fits(waiter.wantedBytes)) {
        return;
      }
      waiters.remove();
      grant(waiter, waiter.wantedBytes);
      granted.add(waiter);
    }
  }

  private static long first(TreeSet<Claim> waiters) {
    return waiters.first().order;
  }

  private boolean fits(long bytes) {
    return takenBytes + bytes <= bytesMax;
  }

  private void grant(Claim claim, long bytes) {
    takenBytes += bytes;
    claim.heldBytes += bytes;
    claim.wantedBytes = 0;
  }
}
