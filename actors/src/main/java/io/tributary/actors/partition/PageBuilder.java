package io.tributary.actors.partition;

import io.tributary.actors.partition.model.IndexTiers;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.cache.PageReader;
import io.tributary.persistence.format.IndexFormat;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PageId;
import io.tributary.persistence.model.PartitionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lays out the runs of one checkpoint in pages. Used once. */
final class PageBuilder {
  private static final int PAGE_BYTES_MAX = 8 * 1024 * 1024;

  private final PageReader reader;
  private final Supplier<PageId> names;
  private final Map<PageId, List<Bytes>> pages = new LinkedHashMap<>();
  private @Nullable PageId page;
  private int pageBytes;

  PageBuilder(PageReader reader, Supplier<PageId> names) {
    this.reader = reader;
    this.names = names;
  }

  /** The pages with their bytes; a run may only be read once its page is stored. */
  Map<PageId, List<Bytes>> finish() {
    return pages;
  }

  /** The partition's runs once {@code entries} stand in pages behind {@code kept}. */
  List<IndexRun> runs(PartitionId partition, List<IndexRun> kept, List<IndexEntry> entries) {
    List<IndexRun> runs = new ArrayList<>(kept);
    for (int from = 0; from < entries.size(); from += IndexTiers.LEAF_ENTRIES) {
      int to = Math.min(entries.size(), from + IndexTiers.LEAF_ENTRIES);
      runs.add(leaf(partition, entries.subList(from, to)));
    }
    int fold = IndexTiers.firstToFold(runs);
    while (fold >= 0) {
      List<IndexRun> below = runs.subList(fold, fold + IndexTiers.LEVEL_RUNS_MAX / 2);
      IndexRun above = inner(partition, below);
      below.clear();
      runs.add(fold, above);
      fold = IndexTiers.firstToFold(runs);
    }
    return List.copyOf(runs);
  }

  private IndexRun leaf(PartitionId partition, List<IndexEntry> entries) {
    long dataBytes = 0;
    long maxTimestampMs = -1;
    for (IndexEntry entry : entries) {
      dataBytes += entry.lengthBytes();
      maxTimestampMs = Math.max(maxTimestampMs, entry.maxTimestampMs());
    }
    Bytes bytes = IndexFormat.encodeEntries(partition, entries);
    Place place = place(bytes);
    IndexRun run =
        new IndexRun(
            place.page,
            place.position,
            bytes.length(),
            0,
            entries.size(),
            entries.getFirst().baseOffset(),
            entries.getLast().nextOffset(),
            dataBytes,
            maxTimestampMs);
    reader.put(run, entries);
    return run;
  }

  private IndexRun inner(PartitionId partition, List<IndexRun> below) {
    int level = below.getFirst().level() + 1;
    Bytes bytes = IndexFormat.encodeRuns(partition, level, below);
    Place place = place(bytes);
    return new IndexRun(
        place.page,
        place.position,
        bytes.length(),
        level,
        below.size(),
        below.getFirst().baseOffset(),
        below.getLast().nextOffset(),
        below.stream().mapToLong(IndexRun::dataBytes).sum(),
        below.stream().mapToLong(IndexRun::maxTimestampMs).max().orElse(-1));
  }

  private record Place(PageId page, int position) {}

  private Place place(Bytes bytes) {
    PageId open = page;
    if (open == null || pageBytes + bytes.length() > PAGE_BYTES_MAX) {
      open = names.get();
      page = open;
      pageBytes = 0;
    }
    pages.computeIfAbsent(open, _ -> new ArrayList<>()).add(bytes);
    Place place = new Place(open, pageBytes);
    pageBytes += bytes.length();
    return place;
  }
}
