package io.tributary.actors.group;

import static io.tributary.actors.group.GroupShardHost.caller;

import java.util.List;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Commits and fetches of one partition's offset, by a consumer that is in no group. */
final class OffsetRequests {
  private OffsetRequests() {}

  static GroupRequest.CommitOffsets commit(String group, String topic, int partition, long offset) {
    return new GroupRequest.CommitOffsets(
        caller(ApiKeys.OFFSET_COMMIT, "client"),
        new OffsetCommitRequestData()
            .setGroupId(group)
            .setTopics(
                List.of(
                    new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(
                            List.of(
                                new OffsetCommitRequestPartition()
                                    .setPartitionIndex(partition)
                                    .setCommittedOffset(offset)
                                    .setCommittedMetadata(""))))));
  }

  static Errors errorOf(OffsetCommitResponseData answer) {
    return Errors.forCode(answer.topics().getFirst().partitions().getFirst().errorCode());
  }

  static GroupRequest.FetchOffsets fetch(
      String group, String topic, int partition, boolean requireStable) {
    return new GroupRequest.FetchOffsets(
        caller(ApiKeys.OFFSET_FETCH, "client"),
        new OffsetFetchRequestGroup()
            .setGroupId(group)
            .setTopics(
                List.of(
                    new OffsetFetchRequestTopics()
                        .setName(topic)
                        .setPartitionIndexes(List.of(partition)))),
        requireStable);
  }

  /** −1 when there is none. */
  static long offsetOf(OffsetFetchResponseGroup answer) {
    return answer.topics().getFirst().partitions().getFirst().committedOffset();
  }
}
