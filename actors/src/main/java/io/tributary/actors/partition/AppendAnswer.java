package io.tributary.actors.partition;

import java.util.List;

/** What a shard says to an {@link PartitionRequest.Append}. */
public sealed interface AppendAnswer {
  /**
   * Decided and durable.
   *
   * @param slices one list a slice, in the request's order; in it one result a batch
   */
  record Decided(List<List<BatchResult>> slices) implements AppendAnswer {
    public Decided {
      slices = List.copyOf(slices);
    }
  }

  /**
   * Not appended: the shard misses flushes before this one. Send all of the shard's that are {@code
   * flush} or later again, in order.
   */
  record ResendFrom(long flush) implements AppendAnswer {}

  /**
   * Not appended, now or ever. Whether an earlier copy of the request was appended is not known any
   * more: its producers must be told neither success nor refusal.
   */
  record BelowFloor() implements AppendAnswer {}
}
