package io.tributary.node.produce;

import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.utils.BufferSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a produced partition to a verdict: finds the topic, then validates the batch. What is
 * cheap happens at once on the connection's event loop; what is not comes back to it.
 */
final class BatchChecks {
  private static final Logger LOG = LoggerFactory.getLogger(BatchChecks.class);

  /** Where a batch's header says how many bytes follow the length itself. */
  private static final int LENGTH_AT = 8;

  private static final int LENGTH_END = 12;

  private final ProduceTopics topics;
  private final InflationPool inflation;
  private final InstantSource clock;

  /** For uncompressed batches, of which nothing is kept between two: any event loop may use it. */
  private final BatchValidator validator = new BatchValidator(BufferSupplier.NO_CACHING);

  BatchChecks(ProduceTopics topics, InflationPool inflation, InstantSource clock) {
    this.topics = topics;
    this.inflation = inflation;
    this.clock = clock;
  }

  /**
   * @param onLate runs on the event loop whenever a check has ended that did not end at once
   */
  void check(ProduceRound round, ProducedPartition partition, Runnable onLate) {
    Optional<TopicImage> topic = topics.known(partition);
    if (topic.isPresent()) {
      checkBatch(round, partition, topic.get(), onLate);
      return;
    }
    late(
        round,
        topics.lookup(partition),
        outcome -> {
          switch (outcome) {
            case LookupOutcome.Found(TopicImage found) ->
                checkBatch(round, partition, found, onLate);
            case LookupOutcome.Absent _ -> partition.reject(partition.unknownTopic(), null);
            case LookupOutcome.Unknown _ ->
                partition.reject(
                    Errors.NOT_LEADER_OR_FOLLOWER, "the metadata store gave no answer in time");
          }
        },
        onLate);
  }

  private void checkBatch(
      ProduceRound round, ProducedPartition partition, TopicImage topic, Runnable onLate) {
    if (!topic.has(partition.index())) {
      partition.reject(Errors.UNKNOWN_TOPIC_OR_PARTITION, null);
      return;
    }
    try {
      ByteBuffer batch = onlyBatch(round.version(), partition);
      BatchRules rules = topics.rules(topic, partition.index());
      Consumer<BatchVerdict> onVerdict =
          verdict -> partition.onVerdict(topic.partition(partition.index()), verdict);
      if (BatchValidator.isCheap(batch, rules)) {
        onVerdict.accept(validator.validate(batch, rules, clock.millis()));
      } else {
        late(round, inflation.validate(batch, rules), onVerdict, onLate);
      }
    } catch (ApiException refused) {
      partition.reject(Errors.forException(refused), refused.getMessage());
    } catch (RuntimeException unreadable) {
      LOG.warn("A batch for {}-{} cannot be read", topic.name(), partition.index(), unreadable);
      partition.reject(Errors.INVALID_RECORD, "the batch cannot be read");
    }
  }

  /** The one batch that Kafka lets a partition of a produce request have. */
  private static ByteBuffer onlyBatch(short version, ProducedPartition partition) {
    if (!(partition.records() instanceof MemoryRecords records)) {
      throw Errors.INVALID_RECORD.exception("Produce requests must have records");
    }
    ProduceRequest.validateRecords(version, records);
    ByteBuffer buffer = records.buffer();
    int start = buffer.position();
    return buffer.slice(start, LENGTH_END + buffer.getInt(start + LENGTH_AT));
  }

  private static <T> void late(
      ProduceRound round, CompletionStage<T> check, Consumer<T> onChecked, Runnable onLate) {
    round.onCheckStarted();
    check.whenCompleteAsync(
        (outcome, _) -> {
          onChecked.accept(outcome);
          round.onCheckEnded();
          onLate.run();
        },
        round.eventLoop());
  }
}
