package io.tributary.actors.partition;

import io.tributary.persistence.model.ShardId;
import java.util.List;

/**
 * One message of a shard's feed to one subscriber.
 *
 * <p>To follow it: a lower owner epoch than the last is to be ignored. A higher one, or a number
 * that is not the last plus one, or silence of 2 s (the feed beats every {@value
 * PartitionShard#BEAT_MS} ms) means that something was missed: no partition is current until its
 * next {@link PartitionUpdate.Snapshot}, so subscribe to all again. Until a partition has a
 * snapshot its other updates are to be ignored; after it they are complete, in order.
 *
 * @param number counts the messages to this subscriber
 * @param updates none for a beat
 */
public record FeedMessage(
    ShardId shard, long ownerEpoch, long number, List<PartitionUpdate> updates) {
  public FeedMessage {
    updates = List.copyOf(updates);
  }
}
