package io.tributary.wire;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;

/** Requests that tests send, and handlers that answer them. */
final class Requests {
  private Requests() {}

  static HeartbeatRequest heartbeat(String group) {
    return new HeartbeatRequest.Builder(
            new HeartbeatRequestData().setGroupId(group).setGenerationId(1).setMemberId("m"))
        .build((short) 4);
  }

  static ProduceRequest produce(short acks, int valueBytes) {
    MemoryRecords records =
        MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[valueBytes]));
    var partition = new ProduceRequestData.PartitionProduceData().setIndex(3).setRecords(records);
    var topic =
        new ProduceRequestData.TopicProduceData()
            .setName("topic")
            .setPartitionData(List.of(partition));
    var topics = new ProduceRequestData.TopicProduceDataCollection(List.of(topic).iterator());
    return new ProduceRequest(
        new ProduceRequestData().setAcks(acks).setTimeoutMs(1000).setTopicData(topics), (short) 9);
  }

  /** Answers each heartbeat by a group's name with that name's length as throttle time. */
  static CompletionStage<HeartbeatResponse> beat(RequestContext context, HeartbeatRequest request) {
    return CompletableFuture.completedFuture(beatAnswer(request));
  }

  static HeartbeatResponse beatAnswer(HeartbeatRequest request) {
    return new HeartbeatResponse(
        new HeartbeatResponseData().setThrottleTimeMs(request.data().groupId().length()));
  }

  static CompletionStage<ProduceResponse> produced(RequestContext context, ProduceRequest request) {
    return CompletableFuture.completedFuture(new ProduceResponse(new ProduceResponseData()));
  }

  /** The record bytes of a request that {@link #produce} made. */
  static ByteBuffer recordBytes(ProduceRequest request) {
    var topic = request.data().topicData().iterator().next();
    return ((MemoryRecords) topic.partitionData().get(0).records()).buffer();
  }
}
