package io.tributary.actors.partition;

import static io.tributary.actors.partition.Batches.of;
import static io.tributary.actors.partition.Batches.plain;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.partition.AppendAnswer.BelowFloor;
import io.tributary.actors.partition.AppendAnswer.Decided;
import io.tributary.actors.partition.AppendAnswer.ResendFrom;
import io.tributary.actors.partition.LatestAnswer.UnknownPartition;
import io.tributary.actors.partition.LatestAnswer.Watermarks;
import io.tributary.actors.partition.PartitionRequest.Append;
import io.tributary.actors.partition.PartitionRequest.DeleteRecords;
import io.tributary.actors.partition.PartitionRequest.DescribeProducers;
import io.tributary.actors.partition.PartitionRequest.DescribeSizes;
import io.tributary.actors.partition.PartitionRequest.Done;
import io.tributary.actors.partition.PartitionRequest.Latest;
import io.tributary.actors.partition.PartitionRequest.Sizes;
import io.tributary.actors.partition.PartitionRequest.TopicDeleted;
import io.tributary.actors.partition.model.Cursors;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.ProducerState;
import io.tributary.persistence.model.ProducerState.AppendedBatch;
import io.tributary.persistence.model.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PartitionShardTest {
  private static final UUID TOPIC = new UUID(7, 7);
  private static final PartitionId P0 = new PartitionId(TOPIC, 0);
  private static final PartitionId P1 = new PartitionId(TOPIC, 1);

  private final PartitionShardHost host = new PartitionShardHost();

  @Test
  void batchesTakeDenseOffsetsPerPartition() {
    Append append = host.upload(flush(1), 0, slices(P0, List.of(plain(3), plain(2)), P1, plain(7)));

    assertThat(host.ask(append))
        .isCompletedWithValue(
            new Decided(
                List.of(
                    List.of(new BatchResult.Appended(0, 0), new BatchResult.Appended(3, 0)),
                    List.of(new BatchResult.Appended(0, 0)))));
    assertThat(host.ask(new Latest(P0))).isCompletedWithValue(new Watermarks(0, 5));
    assertThat(host.ask(new Latest(P1))).isCompletedWithValue(new Watermarks(0, 7));
  }

  @Test
  void nothingIsAnsweredOrVisibleBeforeTheCommit() {
    host.holdCommits();
    var answer = host.ask(host.upload(flush(1), 0, slices(P0, plain(3))));

    assertThat(answer).isNotDone();
    assertThat(host.ask(new Latest(P0))).isCompletedWithValue(new Watermarks(0, 0));

    host.commitAll();
    assertThat(answer).isCompletedWithValue(appendedAt(0));
    assertThat(host.ask(new Latest(P0))).isCompletedWithValue(new Watermarks(0, 3));
  }

  @Test
  void oneRecordIsJournaledForAnObjectHoweverManyPartitionsItTouches() {
    host.ask(host.upload(flush(1), 0, slices(P0, plain(3), P1, plain(1))));

    assertThat(host.durableRecords()).isEqualTo(1);
  }

  @Test
  void aRepeatedAppendGetsItsFirstAnswerAndAppendsNothing() {
    Append append = host.upload(flush(1), 0, slices(P0, plain(3)));
    host.ask(append);

    assertThat(host.ask(append)).isCompletedWithValue(appendedAt(0));
    assertThat(host.ask(new Latest(P0))).isCompletedWithValue(new Watermarks(0, 3));
  }

  @Test
  void anAppendRepeatedWhileInFlightIsAnsweredWhenCommitted() {
    host.holdCommits();
    Append append = host.upload(flush(1), 0, slices(P0, plain(3)));
    var first = host.ask(append);
    var again = host.ask(append);

    assertThat(host.pendingRecords()).isEqualTo(1);
    assertThat(again).isNotDone();
    host.commitAll();
    assertThat(first).isCompletedWithValue(appendedAt(0));
    assertThat(again).isCompletedWithValue(appendedAt(0));
  }

  @Test
  void aRepeatedAppendGetsItsFirstAnswerFromTheNextOwnerToo() {
    Append append = host.upload(flush(1), 0, slices(P0, plain(3)));
    host.holdCommits();
    host.ask(append);
    host.crashAfterCommit();

    assertThat(host.ask(append)).isCompletedWithValue(appendedAt(0));
    assertThat(host.ask(new Latest(P0))).isCompletedWithValue(new Watermarks(0, 3));
  }

  @Test
  void anAppendLostWithItsOwnerIsTakenAgain() {
    Append append = host.upload(flush(1), 0, slices(P0, plain(3)));
    host.holdCommits();
    host.ask(append);
    host.restart();

    assertThat(host.ask(append)).isCompletedWithValue(appendedAt(0));
    assertThat(host.ask(new Latest(P0))).isCompletedWithValue(new Watermarks(0, 3));
  }

  @Test
  void aGapAsksForWhatIsMissing() {
    host.ask(host.upload(flush(3), 0, slices(P0, plain(1))));
    Append later = host.upload(flush(9), 5, slices(P0, plain(1)));

    assertThat(host.ask(later)).isCompletedWithValue(new ResendFrom(4));
    assertThat(host.ask(host.upload(flush(5), 3, slices(P0, plain(1)))))
        .isCompletedWithValue(appendedAt(1));
    assertThat(host.ask(later)).isCompletedWithValue(appendedAt(2));
  }

  @Test
  void flushesOfTwoNodesDoNotWaitForEachOther() {
    host.ask(host.upload(new FlushId(1, 4), 0, slices(P0, plain(1))));

    assertThat(host.ask(host.upload(new FlushId(2, 1), 0, slices(P0, plain(1)))))
        .isCompletedWithValue(appendedAt(1));
  }

  @Test
  void aFlushWhoseResultIsForgottenIsNeverAppendedAgain() {
    Append first = host.upload(flush(1), 0, slices(P0, plain(1)));
    host.ask(first);
    for (int i = 2; i <= Cursors.RESULTS_MAX + 1; i++) {
      host.ask(host.upload(flush(i), i - 1, slices(P0, plain(1))));
    }

    assertThat(host.ask(first)).isCompletedWithValue(new BelowFloor());
    assertThat(host.ask(new Latest(P0)))
        .isCompletedWithValue(new Watermarks(0, Cursors.RESULTS_MAX + 1));
  }

  @Test
  void aBatchThatCameOverTwoNodesStandsOnceAndIsAnsweredWithItsOffset() {
    host.ask(host.upload(new FlushId(1, 1), 0, slices(P0, plain(5))));
    host.ask(host.upload(new FlushId(1, 2), 1, slices(P0, of(9, 0, 0, 2))));

    assertThat(host.ask(host.upload(new FlushId(2, 1), 0, slices(P0, of(9, 0, 0, 2)))))
        .isCompletedWithValue(appendedAt(5));
    assertThat(host.ask(new Latest(P0))).isCompletedWithValue(new Watermarks(0, 7));
  }

  @Test
  void refusalsAreAnsweredPerBatch() {
    List<BatchFacts> batches =
        List.of(of(9, 0, 0, 2), of(9, 0, 7, 1), of(9, 0, 2, 1), of(8, 0, 3, 1));

    assertThat(host.ask(host.upload(flush(1), 0, slices(P0, batches))))
        .isCompletedWithValue(
            new Decided(
                List.of(
                    List.of(
                        new BatchResult.Appended(0, 0),
                        new BatchResult.Refused(Refusal.OUT_OF_ORDER_SEQUENCE),
                        new BatchResult.Appended(2, 0),
                        new BatchResult.Refused(Refusal.OUT_OF_ORDER_SEQUENCE)))));
  }

  @Test
  void aFencedShardAnswersNothingAndTellsNothing() {
    host.holdCommits();
    FeedRecorder feed = new FeedRecorder();
    host.ask(new PartitionRequest.Subscribe("view", List.of(P0), feed));
    var answer = host.ask(host.upload(flush(1), 0, slices(P0, plain(3))));
    int toldBefore = feed.messages().size();

    host.fence();
    host.advance(Duration.ofSeconds(5));

    assertThat(answer).isNotDone();
    assertThat(feed.messages()).hasSize(toldBefore);
  }

  @Test
  void deletingRecordsMovesTheLogStartOnce() {
    host.ask(host.upload(flush(1), 0, slices(P0, plain(10))));

    assertThat(host.ask(new DeleteRecords(P0, 4)))
        .isCompletedWithValue(new DeleteRecordsAnswer.Moved(4));
    assertThat(host.ask(new DeleteRecords(P0, 2)))
        .isCompletedWithValue(new DeleteRecordsAnswer.Moved(4));
    assertThat(host.durableRecords()).isEqualTo(2);
    assertThat(host.ask(new Latest(P0))).isCompletedWithValue(new Watermarks(4, 10));

    host.restart();
    assertThat(host.ask(new Latest(P0))).isCompletedWithValue(new Watermarks(4, 10));
  }

  @Test
  void recordsCanBeDeletedUpToTheHighWatermarkAndNoFurther() {
    host.ask(host.upload(flush(1), 0, slices(P0, plain(10))));

    assertThat(host.ask(new DeleteRecords(P0, 11)))
        .isCompletedWithValue(new DeleteRecordsAnswer.OutOfRange(10));
    assertThat(host.ask(new DeleteRecords(P1, 1)))
        .isCompletedWithValue(new DeleteRecordsAnswer.OutOfRange(0));
    assertThat(host.ask(new DeleteRecords(P0, DeleteRecords.HIGH_WATERMARK)))
        .isCompletedWithValue(new DeleteRecordsAnswer.Moved(10));
  }

  @Test
  void whatComesForADeletedTopicIsRefused() {
    host.ask(host.upload(flush(1), 0, slices(P0, plain(10))));

    assertThat(host.ask(new TopicDeleted(TOPIC))).isCompletedWithValue(new Done());
    var late = host.upload(flush(2), 1, slices(P0, plain(1)));
    var refused = new Decided(List.of(List.of(new BatchResult.Refused(Refusal.UNKNOWN_PARTITION))));
    assertThat(host.ask(late)).isCompletedWithValue(refused);
    assertThat(host.ask(new Latest(P0))).isCompletedWithValue(new UnknownPartition());
    assertThat(host.ask(new DescribeSizes())).isCompletedWithValue(new Sizes(Map.of()));

    host.restart();
    assertThat(host.ask(late)).isCompletedWithValue(refused);
    host.publishCheckpoint();
    host.restart();
    assertThat(host.ask(new Latest(P0))).isCompletedWithValue(new UnknownPartition());
  }

  @Test
  void aDeletionIsAnsweredWhenItIsDurableHoweverOftenItIsAsked() {
    host.ask(host.upload(flush(1), 0, slices(P0, plain(10))));
    host.holdCommits();
    CompletableFuture<Done> first = host.ask(new TopicDeleted(TOPIC));
    CompletableFuture<Done> second = host.ask(new TopicDeleted(TOPIC));

    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    assertThat(host.pendingRecords()).isEqualTo(1);
    host.commitAll();
    assertThat(first).isDone();
    assertThat(second).isDone();
    assertThat(host.ask(new TopicDeleted(TOPIC))).isDone();
    assertThat(host.pendingRecords()).isZero();
  }

  @Test
  void withoutTheRightToServeNothingIsSaidOfTheNewest() {
    host.ask(host.upload(flush(1), 0, slices(P0, plain(10))));
    host.loseRightToServe();

    var latest = host.ask(new Latest(P0));
    assertThat(latest).isNotDone();
    assertThat(host.ask(new DeleteRecords(P0, 11))).isNotDone();
    assertThat(host.ask(new DescribeProducers(P0))).isNotDone();
    assertThat(host.ask(new PartitionRequest.Subscribe("view", List.of(P0), _ -> {}))).isNotDone();

    host.regainRightToServe();
    host.advance(Duration.ofSeconds(1));
    assertThat(latest).isCompletedWithValue(new Watermarks(0, 10));
  }

  @Test
  void producersAndSizesAreDescribed() {
    host.ask(host.upload(flush(1), 0, slices(P0, List.of(of(9, 3, 0, 2), of(9, 3, 2, 1)))));

    assertThat(host.ask(new DescribeProducers(P0)).join().states())
        .singleElement()
        .satisfies(
            producer -> {
              assertThat(producer.producerId()).isEqualTo(9);
              assertThat(producer.producerEpoch()).isEqualTo((short) 3);
              assertThat(producer.batches())
                  .containsExactly(new AppendedBatch(0, 1, 0), new AppendedBatch(2, 2, 2));
            })
        .extracting(ProducerState::lastSequence)
        .isEqualTo(2);
    assertThat(host.ask(new DescribeProducers(P1)).join().states()).isEmpty();
    assertThat(host.ask(new DescribeSizes()).join().bytesByPartition())
        .isEqualTo(Map.of(P0, 2L * Batches.SIZE_BYTES));
  }

  private static FlushId flush(long number) {
    return new FlushId(1, number);
  }

  private static Decided appendedAt(long offset) {
    return new Decided(List.of(List.of(new BatchResult.Appended(offset, 0))));
  }

  private static Map<PartitionId, List<BatchFacts>> slices(PartitionId id, BatchFacts batch) {
    return slices(id, List.of(batch));
  }

  private static Map<PartitionId, List<BatchFacts>> slices(
      PartitionId id, List<BatchFacts> batches) {
    return Map.of(id, batches);
  }

  private static Map<PartitionId, List<BatchFacts>> slices(
      PartitionId first, BatchFacts firstBatch, PartitionId second, BatchFacts secondBatch) {
    return slices(first, List.of(firstBatch), second, secondBatch);
  }

  private static Map<PartitionId, List<BatchFacts>> slices(
      PartitionId first, List<BatchFacts> firstBatches, PartitionId second, BatchFacts batch) {
    Map<PartitionId, List<BatchFacts>> slices = new LinkedHashMap<>();
    slices.put(first, firstBatches);
    slices.put(second, List.of(batch));
    return slices;
  }
}
