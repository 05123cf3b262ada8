package io.tributary.actors.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.partition.model.IndexTiers;
import io.tributary.persistence.cache.PageOutcome;
import io.tributary.persistence.cache.PageReader;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PageId;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.objects.MemoryObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PageBuilderTest {
  private static final PartitionId PARTITION = new PartitionId(new UUID(7, 7), 1);

  private final MemoryObjectStore objects = new MemoryObjectStore(Runnable::run);
  private long pages;

  @Test
  void aLongIndexGoesBelowRunsOfTheNextLevelAndIsFoundThere() {
    int leaves = IndexTiers.LEVEL_RUNS_MAX + 1;
    List<IndexEntry> entries = entries(leaves * IndexTiers.LEAF_ENTRIES);
    PageReader writersReader = new PageReader(objects, 1_000);
    PageBuilder builder = new PageBuilder(writersReader, () -> new PageId(0, 1, ++pages));
    List<IndexRun> runs = builder.runs(PARTITION, List.of(), entries);
    builder.finish().forEach((page, parts) -> objects.putIfAbsent(ObjectNames.page(page), parts));

    assertThat(runs).hasSize(1 + leaves - IndexTiers.LEVEL_RUNS_MAX / 2);
    assertThat(runs.getFirst().level()).isEqualTo(1);
    assertThat(runs.stream().mapToLong(IndexRun::dataBytes).sum()).isEqualTo(entries.size() * 100L);
    PageReader reader = new PageReader(objects, 1_000_000);
    for (int i = 0; i < entries.size(); i += 1_000) {
      PageOutcome found =
          reader.find(PARTITION, runs, i * 3L, Long.MIN_VALUE).toCompletableFuture().join();
      assertThat(((PageOutcome.Entries) found).entries().getFirst()).isEqualTo(entries.get(i));
    }
  }

  private static List<IndexEntry> entries(int count) {
    List<IndexEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      entries.add(new IndexEntry(new FlushId(1, i + 1), 8, 100, i * 3L, i * 3L + 3, i, List.of()));
    }
    return entries;
  }
}
