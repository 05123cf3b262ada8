package io.tributary.actors.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.actors.partition.LatestAnswer.Watermarks;
import io.tributary.actors.partition.PartitionRequest.Latest;
import io.tributary.actors.partition.PartitionRequest.Subscribe;
import io.tributary.actors.partition.model.IndexTiers;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.objects.ObjectStore.ListOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CheckpointTest {
  private static final PartitionId P0 = new PartitionId(new UUID(7, 7), 0);

  private final PartitionShardHost host = new PartitionShardHost();
  private long flush;

  @Test
  void afterACheckpointRecoveryNeedsNeitherTheJournalNorTheObjects() {
    append(3);
    FlushId covered = new FlushId(1, flush);
    host.publishCheckpoint();
    host.await(host.objects().delete(ObjectNames.intake(covered)).toCompletableFuture());
    append(2);
    host.restart();

    assertThat(host.ask(new Latest(P0))).isCompletedWithValue(new Watermarks(0, 5));
    assertThat(ShardDigest.index(host, P0))
        .extracting(IndexEntry::baseOffset)
        .containsExactly(0L, 3L);
  }

  @Test
  void recoveryFailsWhenAnObjectOfTheJournalIsGone() {
    append(3);
    host.await(
        host.objects().delete(ObjectNames.intake(new FlushId(1, flush))).toCompletableFuture());

    assertThatThrownBy(host::restart)
        .hasRootCauseInstanceOf(IOException.class)
        .hasMessageContaining("1.1");
  }

  @Test
  void manyCheckpointsLeaveFewRunsAndLoseNoEntry() {
    int checkpoints = 150;
    for (int i = 0; i < checkpoints; i++) {
      for (int appends = 0; appends <= i % 5; appends++) {
        append(1);
      }
      host.publishCheckpoint();
    }
    FeedRecorder feed = new FeedRecorder();
    host.ask(new Subscribe("view", List.of(P0), feed));

    assertThat(((PartitionUpdate.Snapshot) feed.lastUpdate()).paged())
        .hasSizeLessThan(3 * IndexTiers.MERGE_RUNS);
    List<IndexEntry> index = ShardDigest.index(host, P0);
    assertThat(index).hasSize((int) flush);
    for (int i = 0; i < index.size(); i++) {
      assertThat(index.get(i).object().flush()).isEqualTo(i + 1);
    }
  }

  @Test
  void aCheckpointThatChangedNothingWritesNoPage() {
    append(1);
    host.publishCheckpoint();
    int objects = pages();
    host.publishCheckpoint();

    assertThat(pages()).isEqualTo(objects);
  }

  @Test
  void theRootStaysSmallWithManyPartitionsAndProducers() {
    for (int i = 0; i < 20; i++) {
      host.ask(host.upload(new FlushId(1, i + 1), i, everyPartition(i)));
      host.publishCheckpoint();
    }
    Bytes root = host.publishCheckpoint();

    assertThat(root.length()).isLessThan(128 * 1024);
  }

  /** 156 partitions, as 10,000 make in one of 64 shards, each with a batch of three producers. */
  private static Map<PartitionId, List<BatchFacts>> everyPartition(int round) {
    Map<PartitionId, List<BatchFacts>> slices = new HashMap<>();
    for (int p = 0; p < 156; p++) {
      List<BatchFacts> batches = new ArrayList<>();
      for (long producer = 0; producer < 3; producer++) {
        batches.add(Batches.of(p * 3L + producer + 1_000, 0, round * 10, 10));
      }
      slices.put(new PartitionId(P0.topicId(), p), batches);
    }
    return slices;
  }

  private int pages() {
    var listed =
        host.await(host.objects().list("checkpoint/", Optional.empty()).toCompletableFuture());
    return ((ListOutcome.Listed) listed).entries().size();
  }

  private void append(int records) {
    flush++;
    var _ =
        host.ask(
            host.upload(
                new FlushId(1, flush), flush - 1, Map.of(P0, List.of(Batches.plain(records)))));
  }
}
