package io.tributary.actors.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.partition.PartitionRequest.DeleteRecords;
import io.tributary.actors.partition.PartitionRequest.Subscribe;
import io.tributary.actors.partition.PartitionRequest.Subscribed;
import io.tributary.actors.partition.PartitionRequest.TopicDeleted;
import io.tributary.actors.partition.PartitionRequest.Unsubscribe;
import io.tributary.actors.partition.PartitionUpdate.Committed;
import io.tributary.actors.partition.PartitionUpdate.Paged;
import io.tributary.actors.partition.PartitionUpdate.Snapshot;
import io.tributary.persistence.format.IntakeObjectFormat;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FeedsTest {
  private static final PartitionId P0 = new PartitionId(new UUID(7, 7), 0);
  private static final PartitionId P1 = new PartitionId(new UUID(7, 7), 1);
  private static final Duration BEAT = Duration.ofMillis(PartitionShard.BEAT_MS);

  private final PartitionShardHost host = new PartitionShardHost();
  private final FeedRecorder feed = new FeedRecorder();
  private long flush;

  @Test
  void aSubscriberGetsASnapshotThenTheCommits() {
    append(P0, 3);
    assertThat(host.ask(new Subscribe("view", List.of(P0, P1), feed)))
        .isCompletedWithValue(new Subscribed(1));
    append(P0, 2);

    assertThat(feed.updates())
        .containsExactly(
            new Snapshot(P0, 0, 3, List.of(), List.of(entry(1, 0, 3))),
            new Snapshot(P1, 0, 0, List.of(), List.of()),
            new Committed(P0, 0, 5, List.of(entry(2, 3, 5))));
  }

  @Test
  void aSnapshotHoldsNothingThatIsNotCommitted() {
    append(P0, 3);
    host.holdCommits();
    append(P0, 2);
    host.ask(new Subscribe("view", List.of(P0), feed));

    assertThat(feed.lastUpdate())
        .isEqualTo(new Snapshot(P0, 0, 3, List.of(), List.of(entry(1, 0, 3))));
    host.commitAll();
    assertThat(feed.lastUpdate()).isEqualTo(new Committed(P0, 0, 5, List.of(entry(2, 3, 5))));
  }

  @Test
  void messagesAreNumberedWithoutGapsAndCarryTheOwnerEpoch() {
    host.ask(new Subscribe("view", List.of(P0), feed));
    append(P0, 3);
    host.advance(BEAT.multipliedBy(2));
    append(P0, 3);

    assertThat(feed.messages()).extracting(FeedMessage::number).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(feed.messages()).extracting(FeedMessage::ownerEpoch).containsOnly(1L);
    assertThat(feed.messages().get(2).updates()).as("a beat").isEmpty();
  }

  @Test
  void aSubscriberHearsOfItsPartitionsOnly() {
    host.ask(new Subscribe("view", List.of(P0), feed));
    append(P1, 3);
    assertThat(feed.messages()).hasSize(1);

    host.ask(new Unsubscribe("view", List.of(P0)));
    append(P0, 3);
    assertThat(feed.messages()).hasSize(1);
  }

  @Test
  void aCheckpointMovesEntriesToPages() {
    host.ask(new Subscribe("view", List.of(P0), feed));
    append(P0, 3);
    append(P0, 2);
    host.publishCheckpoint();

    assertThat(feed.lastUpdate())
        .isInstanceOfSatisfying(
            Paged.class,
            paged -> {
              assertThat(paged.throughOffset()).isEqualTo(5);
              assertThat(paged.paged()).hasSize(1);
            });
    FeedRecorder later = new FeedRecorder();
    host.ask(new Subscribe("later", List.of(P0), later));
    assertThat(later.lastUpdate())
        .isEqualTo(new Snapshot(P0, 0, 5, ((Paged) feed.lastUpdate()).paged(), List.of()));
  }

  @Test
  void pagesAreNotShownBeforeAllTheyHoldIsCommitted() {
    host.ask(new Subscribe("view", List.of(P0), feed));
    host.holdCommits();
    append(P0, 3);
    var checkpoint = host.beginCheckpoint();
    host.runUntilIdle();
    assertThat(feed.updates()).hasSize(1);

    host.commitAll();
    assertThat(feed.updates()).hasSize(3);
    assertThat(feed.updates().get(1)).isInstanceOf(Committed.class);
    assertThat(feed.updates().get(2)).isInstanceOf(Paged.class);
    assertThat(checkpoint.canBePublished()).isTrue();
  }

  @Test
  void aMovedLogStartAndADeletedTopicAreTold() {
    append(P0, 3);
    host.ask(new Subscribe("view", List.of(P0), feed));
    host.ask(new DeleteRecords(P0, 2));
    assertThat(feed.lastUpdate()).isEqualTo(new Committed(P0, 2, 3, List.of()));

    host.ask(new TopicDeleted(P0.topicId()));
    assertThat(feed.lastUpdate()).isEqualTo(new PartitionUpdate.Deleted(P0));
  }

  @Test
  void beatsStopWithTheRightToServeAndForSubscribersThatFellSilent() {
    host.ask(new Subscribe("view", List.of(P0), feed));
    host.advance(BEAT);
    assertThat(feed.messages()).hasSize(2);

    host.loseRightToServe();
    host.advance(BEAT.multipliedBy(3));
    assertThat(feed.messages()).hasSize(2);
  }

  @Test
  void aSubscriberThatFellSilentIsDropped() {
    host.ask(new Subscribe("view", List.of(P0), feed));
    host.advance(Duration.ofSeconds(PartitionShard.SUBSCRIPTION_SECONDS + 1));
    int heard = feed.messages().size();

    append(P0, 1);
    assertThat(feed.messages()).hasSize(heard);
  }

  private void append(PartitionId partition, int records) {
    flush++;
    var _ =
        host.ask(
            host.upload(
                new FlushId(1, flush),
                flush - 1,
                Map.of(partition, List.of(Batches.plain(records)))));
  }

  private static IndexEntry entry(long flush, long baseOffset, long nextOffset) {
    return new IndexEntry(
        new FlushId(1, flush),
        IntakeObjectFormat.HEADER_BYTES,
        Batches.SIZE_BYTES,
        baseOffset,
        nextOffset,
        1_000,
        List.of());
  }
}
