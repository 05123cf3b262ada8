package io.tributary.actors.partition;

import io.tributary.actors.shard.ShardRequest;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.ProducerState;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a partition shard is asked. Any request may come more than once, and late.
 *
 * @param <A> its answer
 */
public sealed interface PartitionRequest<A> extends ShardRequest<A> {
  /**
   * Decide on this shard's slices of an intake object that is durable. Asked again, until answered.
   *
   * @param previousFlush the sender's last flush before this one that touches the shard; 0 for none
   * @param slices in the footer's order, those of this shard's partitions only
   */
  record Append(FlushId flush, long previousFlush, List<PartitionSlice> slices)
      implements PartitionRequest<AppendAnswer> {
    public Append {
      slices = List.copyOf(slices);
    }
  }

  /** The newest watermarks, by the word of the owner; answered only with the right to serve. */
  record Latest(PartitionId partition) implements PartitionRequest<LatestAnswer> {}

  /**
   * Feeds {@code sink} with {@code partitions}: first a {@link PartitionUpdate.Snapshot} of each,
   * then what changes. Repeat it at least every {@value PartitionShard#SUBSCRIPTION_SECONDS}
   * seconds, with no partitions when nothing is new; asking for a partition that is subscribed
   * brings a fresh snapshot. Answered only with the right to serve.
   *
   * @param subscriber unique in the cluster and over restarts
   */
  record Subscribe(String subscriber, List<PartitionId> partitions, FeedSink sink)
      implements PartitionRequest<Subscribed> {
    public Subscribe {
      partitions = List.copyOf(partitions);
    }
  }

  /**
   * @param ownerEpoch that the feed will carry
   */
  record Subscribed(long ownerEpoch) {}

  record Unsubscribe(String subscriber, List<PartitionId> partitions)
      implements PartitionRequest<Done> {
    public Unsubscribe {
      partitions = List.copyOf(partitions);
    }
  }

  /**
   * Moves the log start. Kafka's DeleteRecords.
   *
   * @param beforeOffset the new log start; {@value #HIGH_WATERMARK} for the high watermark
   */
  record DeleteRecords(PartitionId partition, long beforeOffset)
      implements PartitionRequest<DeleteRecordsAnswer> {
    public static final long HIGH_WATERMARK = -1;
  }

  record DescribeProducers(PartitionId partition) implements PartitionRequest<Producers> {}

  /**
   * @param states also those whose batches are not committed yet; least recently used first
   */
  record Producers(List<ProducerState> states) {
    public Producers {
      states = List.copyOf(states);
    }
  }

  /** The topic has a tombstone: drop its partitions. Answered when that is durable. */
  record TopicDeleted(UUID topicId) implements PartitionRequest<Done> {}

  /** What the shard's partitions take. */
  record DescribeSizes() implements PartitionRequest<Sizes> {}

  /**
   * @param bytesByPartition stored bytes from the log start on, to the slice; partitions never
   *     written are missing
   */
  record Sizes(Map<PartitionId, Long> bytesByPartition) {
    public Sizes {
      bytesByPartition = Map.copyOf(bytesByPartition);
    }
  }

  record Done() {}
}
