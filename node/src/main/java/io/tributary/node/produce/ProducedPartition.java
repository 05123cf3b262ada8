package io.tributary.node.produce;

import io.tributary.actors.intake.AppendOutcome;
import io.tributary.actors.intake.LogWriter;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.requests.ProduceResponse;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a produce request, from the frame to its answer. Confined to the connection's
 * event loop, but for the answer, which may come from anywhere.
 */
final class ProducedPartition {
  private static final long NONE = -1;

  private final String topic;
  private final Uuid topicId;
  private final int index;
  private @Nullable BaseRecords records;
  private @Nullable Appendable appendable;
  private volatile @Nullable PartitionProduceResponse answer;

  private record Appendable(PartitionId partition, BatchVerdict.Accepted batch) {}

  ProducedPartition(String topic, Uuid topicId, int index, @Nullable BaseRecords records) {
    this.topic = topic;
    this.topicId = topicId;
    this.index = index;
    this.records = records;
  }

  /** Empty when the request names its topics by id. */
  String topic() {
    return topic;
  }

  Uuid topicId() {
    return topicId;
  }

  /** Whether the request names its topics by id, as it does from version 13 on. */
  boolean isById() {
    return !topicId.equals(Uuid.ZERO_UUID);
  }

  int index() {
    return index;
  }

  /** Views into the frame. */
  @Nullable BaseRecords records() {
    return records;
  }

  void onVerdict(PartitionId partition, BatchVerdict verdict) {
    switch (verdict) {
      case BatchVerdict.Accepted accepted -> appendable = new Appendable(partition, accepted);
      case BatchVerdict.Rejected(var error, var message, var recordErrors) -> {
        PartitionProduceResponse rejection = refusal(error, message);
        recordErrors.forEach(
            recordError ->
                rejection
                    .recordErrors()
                    .add(
                        new BatchIndexAndErrorMessage()
                            .setBatchIndex(recordError.batchIndex)
                            .setBatchIndexErrorMessage(recordError.message)));
        answer = rejection;
      }
    }
  }

  void reject(Errors error, @Nullable String message) {
    answer = refusal(error, message);
  }

  /**
   * Hands the batch to the log, if it was accepted. After this nothing refers to the frame.
   *
   * @return empty when there was nothing to append
   */
  Optional<CompletionStage<AppendOutcome>> append(LogWriter log) {
    Appendable ready = appendable;
    appendable = null;
    records = null;
    if (ready == null) {
      return Optional.empty();
    }
    ByteBuffer batch = ready.batch.batch();
    long logAppendTimeMs = ready.batch.logAppendTimeMs();
    return Optional.of(
        log.append(ready.partition, batch, ready.batch.facts())
            .thenApply(
                outcome -> {
                  onOutcome(outcome, logAppendTimeMs);
                  return outcome;
                }));
  }

  private void onOutcome(AppendOutcome outcome, long logAppendTimeMs) {
    answer =
        switch (outcome) {
          case AppendOutcome.Appended(long baseOffset, long logStartOffset) ->
              new PartitionProduceResponse()
                  .setIndex(index)
                  .setBaseOffset(baseOffset)
                  .setLogAppendTimeMs(logAppendTimeMs)
                  .setLogStartOffset(logStartOffset);
          case AppendOutcome.Refused(var reason) -> refused(reason);
          case AppendOutcome.Undecided _ ->
              refusal(
                  Errors.NOT_LEADER_OR_FOLLOWER,
                  "the batch is stored, but the partition's owner has not decided on it in time");
        };
  }

  private PartitionProduceResponse refused(Refusal reason) {
    return switch (reason) {
      case OUT_OF_ORDER_SEQUENCE -> refusal(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, null);
      case DUPLICATE_SEQUENCE -> refusal(Errors.DUPLICATE_SEQUENCE_NUMBER, null);
      case INVALID_PRODUCER_EPOCH -> refusal(Errors.INVALID_PRODUCER_EPOCH, null);
      case UNKNOWN_PARTITION -> refusal(unknownTopic(), null);
    };
  }

  /** What a topic that does not exist is called in the request's own terms. */
  Errors unknownTopic() {
    return isById() ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
  }

  /**
   * @param ifNone the error when there is no answer yet
   */
  PartitionProduceResponse answer(Errors ifNone) {
    PartitionProduceResponse known = answer;
    return known == null ? refusal(ifNone, null) : known;
  }

  private PartitionProduceResponse refusal(Errors error, @Nullable String message) {
    return new PartitionProduceResponse()
        .setIndex(index)
        .setErrorCode(error.code())
        .setErrorMessage(message)
        .setBaseOffset(ProduceResponse.INVALID_OFFSET)
        .setLogAppendTimeMs(NONE)
        .setLogStartOffset(NONE)
        .setRecordErrors(new ArrayList<>());
  }
}
