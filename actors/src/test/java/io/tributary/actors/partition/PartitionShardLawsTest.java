package io.tributary.actors.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.partition.LatestAnswer.Watermarks;
import io.tributary.actors.partition.PartitionRequest.Append;
import io.tributary.actors.partition.PartitionRequest.Latest;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.PartitionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PartitionShardLawsTest {
  @Property(tries = 150)
  void anOwnerThatRecoversKnowsWhatTheOneBeforeKnew(
      @ForAll long seed, @ForAll @IntRange(max = 120) int steps) {
    ShardHistory history = new ShardHistory(seed);
    PartitionShardHost host = history.host();
    history.play(steps);
    ShardDigest live = ShardDigest.of(host, ShardHistory.PARTITIONS);

    host.restart();
    assertThat(ShardDigest.of(host, ShardHistory.PARTITIONS)).isEqualTo(live);
    host.publishCheckpoint();
    assertThat(ShardDigest.of(host, ShardHistory.PARTITIONS)).isEqualTo(live);
    host.restart();
    assertThat(ShardDigest.of(host, ShardHistory.PARTITIONS)).isEqualTo(live);
  }

  @Property(tries = 150)
  void whatIsAnsweredStandsInTheLogOnceAndNothingElseDoes(
      @ForAll long seed, @ForAll @IntRange(max = 120) int steps) {
    ShardHistory history = new ShardHistory(seed);
    history.play(steps);
    history.host().restart();

    Map<PartitionId, TreeMap<Long, BatchFacts>> logs = new HashMap<>();
    for (Append append : history.sent()) {
      readAnswer(history, append, logs);
    }
    for (PartitionId id : ShardHistory.PARTITIONS) {
      if (history.host().ask(new Latest(id)).join() instanceof Watermarks watermarks) {
        long next = 0;
        for (var batch : logs.getOrDefault(id, new TreeMap<>()).entrySet()) {
          assertThat(batch.getKey()).as("offset of a batch of %s", id).isEqualTo(next);
          next += batch.getValue().records();
        }
        assertThat(watermarks.highWatermark()).isEqualTo(next);
        assertDense(ShardDigest.index(history.host(), id), next);
      }
    }
  }

  /** Two batches may share an offset only when they are one batch that was sent twice. */
  private static void readAnswer(
      ShardHistory history, Append append, Map<PartitionId, TreeMap<Long, BatchFacts>> logs) {
    assertThat(history.answers()).containsKey(append.flush());
    var answer = Objects.requireNonNull(history.answers().get(append.flush()));
    for (int i = 0; i < append.slices().size(); i++) {
      var slice = append.slices().get(i);
      for (int j = 0; j < slice.batches().size(); j++) {
        BatchFacts batch = slice.batches().get(j);
        if (answer.slices().get(i).get(j) instanceof BatchResult.Appended(long offset, _)) {
          BatchFacts before =
              logs.computeIfAbsent(slice.partition(), _ -> new TreeMap<>()).put(offset, batch);
          if (before != null) {
            assertThat(batch.isIdempotent()).as("only idempotent batches repeat").isTrue();
            assertThat(before).isEqualTo(batch);
          }
        }
      }
    }
  }

  private static void assertDense(List<IndexEntry> index, long end) {
    for (int i = 1; i < index.size(); i++) {
      assertThat(index.get(i).baseOffset()).isEqualTo(index.get(i - 1).nextOffset());
    }
    if (!index.isEmpty()) {
      assertThat(index.getLast().nextOffset()).isEqualTo(end);
    }
  }
}
