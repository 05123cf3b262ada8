package io.tributary.persistence.model;

import java.util.List;

/**
 * What a partition remembers of one idempotent producer.
 *
 * @param lastAppendMs the owner's wall clock when its last batch was appended
 * @param batches its last ones, oldest first; 1 to {@value #BATCHES_MAX}
 */
public record ProducerState(
    long producerId, short producerEpoch, long lastAppendMs, List<AppendedBatch> batches) {
  /** As many as Kafka's producers have in flight at most. */
  public static final int BATCHES_MAX = 5;

  public ProducerState {
    batches = List.copyOf(batches);
    if (batches.isEmpty() || batches.size() > BATCHES_MAX) {
      throw new IllegalArgumentException("1 to " + BATCHES_MAX + " batches, not " + batches.size());
    }
  }

  public int lastSequence() {
    return batches.getLast().lastSequence();
  }

  /** One batch as it was appended. */
  public record AppendedBatch(int baseSequence, int lastSequence, long baseOffset) {}
}
