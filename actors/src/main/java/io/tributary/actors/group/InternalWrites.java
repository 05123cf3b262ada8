package io.tributary.actors.group;

import java.util.function.Supplier;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;

/** Writes that nobody waits for: those of timers and of background tasks. */
interface InternalWrites {
  /**
   * Decides now and journals the decision.
   *
   * @throws RuntimeException of {@code operation}; then nothing was written
   */
  void write(Supplier<CoordinatorResult<Void, CoordinatorRecord>> operation);
}
