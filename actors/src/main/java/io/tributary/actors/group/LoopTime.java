package io.tributary.actors.group;

import io.tributary.actors.loop.EventLoop;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/** A loop's clocks in the shape Kafka's classes take. Waiting is not: a loop never blocks. */
record LoopTime(EventLoop loop) implements Time {
  @Override
  public long milliseconds() {
    return loop.wallMs();
  }

  @Override
  public long nanoseconds() {
    return loop.nanoTime();
  }

  @Override
  public void sleep(long ms) {
    throw new UnsupportedOperationException("an event loop does not sleep");
  }

  @Override
  public void waitObject(Object monitor, Supplier<Boolean> condition, long deadlineMs) {
    throw new UnsupportedOperationException("an event loop does not wait");
  }
}
