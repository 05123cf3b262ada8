package io.tributary.actors.group;

import io.tributary.actors.loop.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorTimer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's timers (session and rebalance time-outs, retention), one for each key, on the
 * shard's loop. What an expired timer decides is written like a request's decision.
 */
final class GroupTimer implements CoordinatorTimer<CoordinatorRecord> {
  private static final Logger log = LoggerFactory.getLogger(GroupTimer.class);
  private static final Duration RETRY_BACKOFF = Duration.ofMillis(500);

  private final EventLoop loop;
  private final InternalWrites writes;
  private final Map<String, EventLoop.Timer> timers = new HashMap<>();

  GroupTimer(EventLoop loop, InternalWrites writes) {
    this.loop = loop;
    this.writes = writes;
  }

  @Override
  public void schedule(
      String key,
      long delay,
      TimeUnit unit,
      boolean retry,
      TimeoutOperation<CoordinatorRecord> operation) {
    schedule(key, delay, unit, retry, RETRY_BACKOFF.toMillis(), operation);
  }

  @Override
  public void schedule(
      String key,
      long delay,
      TimeUnit unit,
      boolean retry,
      long retryBackoff,
      TimeoutOperation<CoordinatorRecord> operation) {
    Duration backoff = Duration.ofMillis(retryBackoff);
    start(
        key,
        Duration.of(delay, unit.toChronoUnit()),
        new Expiry(operation, retry ? backoff : null));
  }

  @Override
  public void scheduleIfAbsent(
      String key,
      long delay,
      TimeUnit unit,
      boolean retry,
      TimeoutOperation<CoordinatorRecord> operation) {
    if (!isScheduled(key)) {
      schedule(key, delay, unit, retry, operation);
    }
  }

  @Override
  public void cancel(String key) {
    EventLoop.Timer timer = timers.remove(key);
    if (timer != null) {
      timer.cancel();
    }
  }

  @Override
  public boolean isScheduled(String key) {
    return timers.containsKey(key);
  }

  void cancelAll() {
    timers.values().forEach(EventLoop.Timer::cancel);
    timers.clear();
  }

  private void start(String key, Duration delay, Expiry expiry) {
    cancel(key);
    timers.put(key, loop.schedule(delay, () -> onExpired(key, expiry)));
  }

  private void onExpired(String key, Expiry expiry) {
    timers.remove(key);
    try {
      writes.write(expiry.operation::generateRecords);
    } catch (RuntimeException e) {
      log.atError().addKeyValue("timer", key).setCause(e).log("an expired timer decided nothing");
      if (expiry.retryBackoff != null) {
        start(key, expiry.retryBackoff, expiry);
      }
    }
  }

  /**
   * @param retryBackoff null: a failed operation is dropped
   */
  private record Expiry(
      TimeoutOperation<CoordinatorRecord> operation, @Nullable Duration retryBackoff) {}
}
