package io.tributary.node.topics;

import java.time.Duration;

/** The time a client gives a change, kept within bounds. */
public final class RequestTimeouts {
  private static final long MIN_MS = 1_000;
  private static final long MAX_MS = 300_000;

  private RequestTimeouts() {}

  /**
   * @param timeoutMs as the client sent it; what is too short for any answer becomes one second
   */
  public static Duration of(int timeoutMs) {
    return Duration.ofMillis(Math.clamp(timeoutMs, MIN_MS, MAX_MS));
  }
}
