package io.tributary.persistence.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.cache.PageOutcome.Entries;
import io.tributary.persistence.format.IndexFormat;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PageId;
import io.tributary.persistence.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three leaves of three entries of ten offsets; the first two leaves lie below one run. */
class PageReaderTest {
  private static final PartitionId PARTITION = new PartitionId(new UUID(7, 7), 1);
  private static final PageId PAGE = new PageId(0, 1, 1);
  private static final long[] TIMESTAMPS = {5, 9, 7, 3, 9, 1, 2, 8, 4};

  private final CountingObjectStore store = new CountingObjectStore();
  private final PageReader pages = new PageReader(store, 1_000_000);
  private final List<Bytes> page = new ArrayList<>();
  private final List<IndexEntry> entries = new ArrayList<>();
  private List<IndexRun> runs = List.of();

  @BeforeEach
  void writePage() {
    for (int i = 0; i < TIMESTAMPS.length; i++) {
      entries.add(
          new IndexEntry(
              new FlushId(1, i + 1), 8, 100, i * 10L, i * 10L + 10, TIMESTAMPS[i], List.of()));
    }
    List<IndexRun> leaves = List.of(leaf(0), leaf(3), leaf(6));
    IndexRun inner = place(IndexFormat.encodeRuns(PARTITION, 1, leaves.subList(0, 2)), 1, 0, 60, 9);
    runs = List.of(inner, leaves.getLast());
    store.await(store.putIfAbsent(ObjectNames.page(PAGE), page));
  }

  @Test
  void anOffsetIsFoundInItsLeafWithWhatFollows() {
    assertThat(find(0, Long.MIN_VALUE)).isEqualTo(new Entries(entries.subList(0, 3)));
    assertThat(find(49, Long.MIN_VALUE)).isEqualTo(new Entries(entries.subList(4, 6)));
    assertThat(find(60, Long.MIN_VALUE)).isEqualTo(new Entries(entries.subList(6, 9)));
    assertThat(find(90, Long.MIN_VALUE)).isEqualTo(new Entries(List.of()));
  }

  @Test
  void aTimestampIsFoundInTheFirstEntryThatReachesIt() {
    assertThat(first(find(0, 6))).isEqualTo(entries.get(1));
    assertThat(first(find(20, 8))).isEqualTo(entries.get(4));
    assertThat(first(find(50, 8))).isEqualTo(entries.get(7));
    assertThat(find(0, 10)).isEqualTo(new Entries(List.of()));
  }

  @Test
  void theLargestTimestampIsFoundFromAnyOffsetOn() {
    assertThat(largest(0)).isEqualTo(entries.get(1));
    assertThat(largest(15)).isEqualTo(entries.get(1));
    assertThat(largest(20)).isEqualTo(entries.get(4));
    assertThat(largest(50)).isEqualTo(entries.get(7));
    assertThat(largest(85)).isEqualTo(entries.get(8));
    assertThat(store.await(pages.findLargestTimestamp(PARTITION, runs, 90)))
        .isEqualTo(new Entries(List.of()));
  }

  @Test
  void aRunIsFetchedOnce() {
    find(49, Long.MIN_VALUE);
    find(30, Long.MIN_VALUE);

    assertThat(store.reads()).as("inner run and leaf").hasSize(2);
  }

  @Test
  void aStoreThatIsAwayIsAskedAgain() {
    store.goAway();
    assertThat(find(0, Long.MIN_VALUE)).isInstanceOf(PageOutcome.Unavailable.class);
    store.comeBack();
    assertThat(find(0, Long.MIN_VALUE)).isInstanceOf(Entries.class);
  }

  @Test
  void aPageOfAnotherPartitionIsNotRead() {
    PartitionId other = new PartitionId(new UUID(7, 7), 2);

    assertThat(store.await(pages.find(other, runs, 0, Long.MIN_VALUE)))
        .isInstanceOf(PageOutcome.Unavailable.class);
  }

  private PageOutcome find(long fromOffset, long timestampMs) {
    return store.await(pages.find(PARTITION, runs, fromOffset, timestampMs));
  }

  private IndexEntry largest(long fromOffset) {
    return first(store.await(pages.findLargestTimestamp(PARTITION, runs, fromOffset)));
  }

  private static IndexEntry first(PageOutcome outcome) {
    return ((Entries) outcome).entries().getFirst();
  }

  private IndexRun leaf(int from) {
    List<IndexEntry> leaf = entries.subList(from, from + 3);
    long largestMs = leaf.stream().mapToLong(IndexEntry::maxTimestampMs).max().orElseThrow();
    return place(
        IndexFormat.encodeEntries(PARTITION, leaf), 0, from * 10L, from * 10L + 30, largestMs);
  }

  private IndexRun place(Bytes bytes, int level, long baseOffset, long nextOffset, long largestMs) {
    int position = page.stream().mapToInt(Bytes::length).sum();
    page.add(bytes);
    return new IndexRun(
        PAGE, position, bytes.length(), level, 3, baseOffset, nextOffset, 300, largestMs);
  }
}
