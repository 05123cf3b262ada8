package io.tributary.actors.view;

import java.time.Duration;

/**
 * Times of the views.
 *
 * @param silence a feed unheard for this long is not trusted; four beats
 * @param refreshWait how long a reader waits for a view to become current
 * @param askTimeout of one question to a shard's owner
 * @param idleAfter a view nobody has read for this long is given up
 */
public record ViewSettings(
    Duration silence, Duration refreshWait, Duration askTimeout, Duration idleAfter) {
  public static final ViewSettings DEFAULT =
      new ViewSettings(
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofMinutes(1));
}
