package io.tributary.node.fetch;

import io.tributary.actors.view.ReadOutcome;
import io.tributary.persistence.model.PartitionId;
import io.tributary.wire.GatheredRecords;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchResponse;

/** One partition that a fetch may read. */
record FetchedPartition(
    TopicIdPartition kafkaId, PartitionId partition, long offset, int bytesMax) {

  /**
   * @param readCommitted whether aborted transactions must be named; there are none
   */
  PartitionData answer(ReadOutcome outcome, boolean readCommitted) {
    return switch (outcome) {
      case ReadOutcome.Read(var batches, var highWatermark, var logStartOffset) ->
          new PartitionData()
              .setPartitionIndex(kafkaId.partition())
              .setHighWatermark(highWatermark)
              .setLastStableOffset(highWatermark)
              .setLogStartOffset(logStartOffset)
              .setAbortedTransactions(readCommitted ? List.of() : null)
              .setPreferredReadReplica(FetchResponse.INVALID_PREFERRED_REPLICA_ID)
              .setRecords(
                  batches.isEmpty() ? MemoryRecords.EMPTY : new GatheredRecords(batches.buffers()));
      case ReadOutcome.OutOfRange(_, _) -> refusal(kafkaId, Errors.OFFSET_OUT_OF_RANGE);
      case ReadOutcome.Unavailable() -> refusal(kafkaId, Errors.NOT_LEADER_OR_FOLLOWER);
    };
  }

  static PartitionData refusal(TopicIdPartition partition, Errors error) {
    return FetchResponse.partitionResponse(partition, error);
  }
}
