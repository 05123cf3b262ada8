package io.tributary.actors.partition.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PageId;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class IndexTiersTest {
  @Test
  void smallRunsAreLeftAloneUntilThereAreEnough() {
    List<IndexRun> runs = new ArrayList<>();
    for (int i = 0; i < IndexTiers.MERGE_RUNS - 1; i++) {
      assertThat(IndexTiers.runsToMerge(runs, 3)).isZero();
      runs.add(leaf(3));
    }
    assertThat(IndexTiers.runsToMerge(runs, 3)).isEqualTo(IndexTiers.MERGE_RUNS - 1);
  }

  @Test
  void aFullLeafIsNeverWrittenAgain() {
    List<IndexRun> runs = List.of(leaf(IndexTiers.LEAF_ENTRIES), leaf(2));

    assertThat(IndexTiers.runsToMerge(runs, IndexTiers.LEAF_ENTRIES)).isEqualTo(1);
  }

  @Property(tries = 200)
  void runsStayFewAndAnEntryIsWrittenAFewTimes(
      @ForAll @Size(min = 1, max = 400) List<@IntRange(min = 1, max = 900) Integer> checkpoints) {
    List<IndexRun> runs = new ArrayList<>();
    long written = 0;
    long entries = 0;
    for (int count : checkpoints) {
      int merged = IndexTiers.runsToMerge(runs, count);
      List<IndexRun> last = runs.subList(runs.size() - merged, runs.size());
      int total = count + last.stream().mapToInt(IndexRun::count).sum();
      last.clear();
      for (int rest = total; rest > 0; rest -= IndexTiers.LEAF_ENTRIES) {
        runs.add(leaf(Math.min(rest, IndexTiers.LEAF_ENTRIES)));
      }
      fold(runs);
      written += total;
      entries += count;
    }

    assertThat(runs).hasSizeLessThan(2 * IndexTiers.LEVEL_RUNS_MAX + 3 * IndexTiers.MERGE_RUNS);
    assertThat(written).isLessThan(5 * entries);
  }

  private static void fold(List<IndexRun> runs) {
    int first = IndexTiers.firstToFold(runs);
    if (first >= 0) {
      List<IndexRun> below = runs.subList(first, first + IndexTiers.LEVEL_RUNS_MAX / 2);
      IndexRun above = run(below.getFirst().level() + 1, below.size());
      below.clear();
      runs.add(first, above);
      fold(runs);
    }
  }

  private static IndexRun leaf(int count) {
    return run(0, count);
  }

  private static IndexRun run(int level, int count) {
    return new IndexRun(new PageId(0, 1, 1), 0, 1, level, count, 0, 0, 0, 0);
  }
}
