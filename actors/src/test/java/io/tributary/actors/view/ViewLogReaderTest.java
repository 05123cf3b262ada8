package io.tributary.actors.view;

import static io.tributary.actors.view.WrittenLog.plain;
import static io.tributary.actors.view.WrittenLog.skipped;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.loop.ManualEventLoop;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.actors.view.WrittenLog.Batch;
import io.tributary.actors.view.WrittenLog.Expected;
import io.tributary.actors.view.WrittenLog.Written;
import io.tributary.persistence.cache.BlockCache;
import io.tributary.persistence.cache.PageReader;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.objects.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.Test;

class ViewLogReaderTest {
  private static final PartitionId PARTITION = new PartitionId(new UUID(1, 2), 0);
  private static final int PLENTY = 1 << 20;

  private final World world = new World(3);

  /** A node that reads a log in memory. */
  private static final class World {
    final VirtualTime time;
    final FakeOwners owners;
    final CountingStore store;
    final BlockCache cache;
    final PartitionViews views;
    final ViewLogReader reader;
    final WrittenLog log;

    World(long seed) {
      time = new VirtualTime(seed);
      ManualEventLoop loop = time.loop("reader");
      owners = new FakeOwners(time.loop("owners"));
      store = new CountingStore(new MemoryObjectStore(time.loop("store")));
      cache = new BlockCache(store, 1 << 26);
      views =
          new PartitionViews(
              new ViewsContext(loop, owners, "node-1", ViewSettings.DEFAULT),
              new ShardCounts(4, 1, 1));
      views.start();
      PageReader pages = new PageReader(store, 1 << 20);
      reader = new ViewLogReader(views, new ReadResources(cache, pages, loop, Runnable::run));
      log = new WrittenLog(PARTITION, store);
    }

    void commit(Batch... batches) {
      commit(log.write(batches));
    }

    void commit(Written written) {
      owners.commit(PARTITION, written.entry());
    }

    ReadOutcome read(long offset, int bytesMax, boolean atLeastOneBatch) {
      return await(reader.read(PARTITION, offset, bytesMax, atLeastOneBatch));
    }

    ReadOutcome.Read readAll(long offset) {
      return (ReadOutcome.Read) read(offset, PLENTY, true);
    }

    OffsetOutcome offset(OffsetQuery query) {
      return await(reader.offset(PARTITION, query));
    }

    <T> T await(CompletionStage<T> stage) {
      CompletableFuture<T> future = stage.toCompletableFuture();
      time.advanceUntil(future::isDone, Duration.ofSeconds(30));
      return future.join();
    }
  }

  @Test
  void readsWhatWasWrittenWithItsOffsets() {
    world.commit(plain(10L, 20L), plain(30L));
    world.commit(plain(40L));

    assertThat(expected(world.readAll(0).batches())).isEqualTo(world.log.records());
  }

  @Test
  void everyBatchPassesKafkasOwnCheck() {
    world.commit(plain(10L, 20L), new Batch(true, Compression.gzip().build(), List.of(1L, 2L)));

    for (RecordBatch batch : batches(world.readAll(0).batches())) {
      batch.ensureValid();
      assertThat(batch.partitionLeaderEpoch()).isEqualTo(-1);
    }
  }

  @Test
  void aSkippedBatchTakesNoOffsetAndIsNotRead() {
    world.commit(skipped(1L, 2L), plain(10L), skipped(3L), plain(20L, 30L), skipped(4L));
    world.commit(plain(40L));

    assertThat(expected(world.readAll(0).batches())).isEqualTo(world.log.records());
    assertThat(world.log.nextOffset()).isEqualTo(4);
  }

  @Test
  void theFirstBatchMayBeginBeforeTheOffset() {
    world.commit(plain(10L, 20L, 30L), plain(40L));

    assertThat(baseOffsets(world.readAll(1))).containsExactly(0L, 3L);
    assertThat(baseOffsets(world.readAll(3))).containsExactly(3L);
  }

  @Test
  void givesWholeBatchesUpToTheLimit() {
    world.commit(plain(1L), plain(2L), plain(3L));
    int one = world.readAll(2).batches().sizeBytes();

    assertThat(baseOffsets((ReadOutcome.Read) world.read(0, 2 * one, true)))
        .containsExactly(0L, 1L);
    assertThat(baseOffsets((ReadOutcome.Read) world.read(0, 3 * one - 1, true)))
        .containsExactly(0L, 1L);
  }

  @Test
  void aBatchLargerThanTheLimitComesOnlyWhenOneMust() {
    world.commit(plain(1L), plain(2L));

    assertThat(baseOffsets((ReadOutcome.Read) world.read(0, 1, true))).containsExactly(0L);
    assertThat(baseOffsets((ReadOutcome.Read) world.read(0, 1, false))).isEmpty();
  }

  @Test
  void atTheEndThereIsNothingYet() {
    world.commit(plain(1L));

    ReadOutcome.Read read = world.readAll(1);
    assertThat(read.batches().isEmpty()).isTrue();
    assertThat(read.highWatermark()).isEqualTo(1);
    assertThat(world.owners.latestAsked).isZero();
  }

  @Test
  void beyondTheEndTheOwnerHasTheWord() {
    world.commit(plain(1L));
    world.readAll(0);

    assertThat(world.read(5, PLENTY, true)).isEqualTo(new ReadOutcome.OutOfRange(0, 1));
    assertThat(world.owners.latestAsked).isEqualTo(1);

    for (int i = 0; i < 9; i++) {
      world.owners.commitSilently(PARTITION, world.log.write(plain(1L)).entry());
    }
    assertThat(world.read(5, PLENTY, true))
        .isEqualTo(new ReadOutcome.Read(BatchBuffers.EMPTY, 10, 0));
    assertThat(world.readAll(0).highWatermark()).isEqualTo(10);
  }

  @Test
  void belowTheLogStartNothingIsRead() {
    world.commit(plain(1L, 2L), plain(3L));
    world.readAll(0);
    world.owners.moveLogStart(PARTITION, 1);
    world.time.advance(Duration.ofMillis(10));

    assertThat(world.read(0, PLENTY, true)).isEqualTo(new ReadOutcome.OutOfRange(1, 3));
    assertThat(baseOffsets(world.readAll(1))).containsExactly(0L, 2L);
  }

  @Test
  void whatTheWriterKeptNeedsNoStore() {
    Written written = world.log.write(List.of(plain(1L), plain(2L)), 37);
    world.cache.put(written.entry().object(), written.parts());
    world.commit(written);
    world.await(world.views.refreshed(PARTITION));

    CompletableFuture<ReadOutcome> read =
        world.reader.read(PARTITION, 0, PLENTY, true).toCompletableFuture();

    assertThat(read).isCompleted();
    assertThat(expected(((ReadOutcome.Read) read.join()).batches())).isEqualTo(world.log.records());
    assertThat(world.store.gets()).isZero();
  }

  @Test
  void readersOfOneObjectShareItsGet() {
    world.commit(plain(1L));
    world.await(world.views.refreshed(PARTITION));

    List<CompletableFuture<ReadOutcome>> reads =
        IntStream.range(0, 10)
            .mapToObj(_ -> world.reader.read(PARTITION, 0, PLENTY, true).toCompletableFuture())
            .toList();
    reads.forEach(world::await);

    assertThat(world.store.gets()).isEqualTo(1);
  }

  @Test
  void aColdReaderFindsTheNextObjectsLoadedAlready() {
    for (int i = 0; i < 6; i++) {
      world.commit(plain((long) i));
    }
    world.read(0, 1, true);
    world.time.advance(Duration.ofMillis(10));

    assertThat(world.reader.read(PARTITION, 1, PLENTY, true).toCompletableFuture()).isCompleted();
    assertThat(world.store.gets()).isEqualTo(6);
  }

  @Test
  void anObjectThatIsGoneBringsAFreshIndex() {
    Written gone = world.log.write(plain(1L));
    world.commit(gone);
    world.await(world.views.refreshed(PARTITION));
    IndexEntry copy = world.log.write(plain(1L)).entry();
    world.owners.log(PARTITION).entries.set(0, at(copy, 0));
    world.store.delete(ObjectNames.intake(gone.entry().object()));

    assertThat(baseOffsets(world.readAll(0))).containsExactly(0L);
    assertThat(world.owners.snapshotsGiven).isEqualTo(2);
  }

  private static IndexEntry at(IndexEntry entry, long baseOffset) {
    return new IndexEntry(
        entry.object(),
        entry.position(),
        entry.lengthBytes(),
        baseOffset,
        baseOffset + entry.nextOffset() - entry.baseOffset(),
        entry.maxTimestampMs(),
        entry.skipped());
  }

  @Test
  void whatStandsInPagesIsReadAsWhatDoesNot() {
    world.commit(plain(10L), plain(20L));
    world.commit(plain(30L));
    world.commit(plain(40L));
    world.readAll(0);
    world.owners.page(PARTITION, 2, world.store);
    world.time.advance(Duration.ofMillis(10));

    assertThat(world.await(world.views.refreshed(PARTITION)).orElseThrow().entries().size())
        .isEqualTo(1);
    assertThat(baseOffsets(world.readAll(0))).containsExactly(0L, 1L, 2L);
    assertThat(baseOffsets(world.readAll(3))).containsExactly(3L);
    assertThat(world.offset(new OffsetQuery.AtTimestamp(15)))
        .isEqualTo(new OffsetOutcome.Found(1, 20));
  }

  @Test
  void aPageThatIsGoneBringsAFreshIndex() {
    world.commit(plain(10L));
    world.commit(plain(20L));
    world.owners.page(PARTITION, 1, world.store);
    world.readAll(1);
    FakeOwners.TrueLog log = world.owners.log(PARTITION);
    world.store.delete(ObjectNames.page(log.paged.getFirst().page()));
    log.paged.clear();
    log.entries.addFirst(at(world.log.write(plain(10L)).entry(), 0));

    assertThat(baseOffsets(world.readAll(0))).containsExactly(0L, 1L);
  }

  @Test
  void anObjectThatStaysGoneIsNeverAnErrorForGood() {
    Written gone = world.log.write(plain(1L));
    world.commit(gone);
    world.store.delete(ObjectNames.intake(gone.entry().object()));

    assertThat(world.read(0, PLENTY, true)).isEqualTo(new ReadOutcome.Unavailable());
  }

  @Test
  void aStoreThatDoesNotAnswerIsAskedAgain() {
    world.commit(plain(1L));
    world.store.failGets(2);

    assertThat(world.readAll(0).batches().isEmpty()).isFalse();
    assertThat(world.store.gets()).isEqualTo(3);
  }

  @Test
  void anUnreachableOwnerMakesReadsUnavailable() {
    world.owners.setReachable(false);

    assertThat(world.read(0, PLENTY, true)).isEqualTo(new ReadOutcome.Unavailable());
    assertThat(world.offset(new OffsetQuery.Latest())).isEqualTo(new OffsetOutcome.Unavailable());
  }

  @Test
  void knowsHowMuchIsReadableWithoutReading() {
    world.commit(plain(1L));
    world.commit(plain(2L));
    world.await(world.views.refreshed(PARTITION));

    assertThat(world.reader.readableBytes(PARTITION, 0, PLENTY)).isPositive();
    assertThat(world.reader.readableBytes(PARTITION, 0, 10)).isEqualTo(10);
    assertThat(world.reader.readableBytes(PARTITION, 2, PLENTY)).isZero();
    assertThat(world.store.gets()).isZero();
  }

  @Test
  void latestIsTheOwnersWord() {
    world.commit(plain(1L));
    world.readAll(0);
    world.owners.commitSilently(PARTITION, world.log.write(plain(2L)).entry());

    assertThat(world.offset(new OffsetQuery.Latest()))
        .isEqualTo(new OffsetOutcome.Found(2, OffsetOutcome.NO_TIMESTAMP));
    assertThat(world.offset(new OffsetQuery.Earliest()))
        .isEqualTo(new OffsetOutcome.Found(0, OffsetOutcome.NO_TIMESTAMP));
  }

  /** However objects are cut, whatever is skipped: a read is what the log has from there on. */
  @Property(tries = 200)
  void readsAreWhatTheLogHas(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int limit) {
    World any = new World(seed);
    writeAnything(any);
    List<Expected> all = any.log.records();
    long offset = any.time.random().nextInt((int) any.log.nextOffset() + 1);

    List<Expected> found = new ArrayList<>();
    while (offset < any.log.nextOffset()) {
      ReadOutcome.Read read = (ReadOutcome.Read) any.read(offset, limit, true);
      List<Expected> records = expected(read.batches());
      assertThat(records).isNotEmpty();
      assertThat(records).isEqualTo(from(all, records.getFirst().offset(), records.size()));
      assertThat(records.getLast().offset()).isGreaterThanOrEqualTo(offset);
      assertThat(baseOffsets(read).size() == 1 || read.batches().sizeBytes() <= limit).isTrue();
      found.addAll(records);
      offset = records.getLast().offset() + 1;
    }
    assertThat(found).isSubsetOf(all);
  }

  /** Against looking at every record, also compressed, out of order, and partly deleted. */
  @Property(tries = 200)
  void offsetsByTimestampAreThoseOfEveryRecord(@ForAll long seed) {
    World any = new World(seed);
    writeAnything(any);
    long logStart = any.time.random().nextInt((int) any.log.nextOffset() + 1);
    any.owners.moveLogStart(PARTITION, logStart);
    any.time.advance(Duration.ofMillis(1));
    List<Expected> readable =
        any.log.records().stream().filter(record -> record.offset() >= logStart).toList();

    for (long timestampMs = -1; timestampMs < 60; timestampMs += 7) {
      long wanted = timestampMs;
      OffsetOutcome naive =
          readable.stream()
              .filter(record -> record.timestampMs() >= wanted)
              .findFirst()
              .<OffsetOutcome>map(ViewLogReaderTest::found)
              .orElseGet(OffsetOutcome.None::new);
      assertThat(any.offset(new OffsetQuery.AtTimestamp(wanted))).isEqualTo(naive);
    }
    OffsetOutcome largest =
        readable.stream()
            .reduce((known, next) -> next.timestampMs() > known.timestampMs() ? next : known)
            .<OffsetOutcome>map(ViewLogReaderTest::found)
            .orElseGet(OffsetOutcome.None::new);
    assertThat(any.offset(new OffsetQuery.MaxTimestamp())).isEqualTo(largest);
  }

  private static void writeAnything(World world) {
    var random = world.time.random();
    int objects = 1 + random.nextInt(6);
    for (int i = 0; i < objects; i++) {
      List<Batch> batches = new ArrayList<>();
      for (int j = 0; j <= random.nextInt(4); j++) {
        Compression compression =
            switch (random.nextInt(3)) {
              case 0 -> Compression.gzip().build();
              case 1 -> Compression.zstd().build();
              default -> Compression.NONE;
            };
        List<Long> timestampsMs =
            LongStream.rangeClosed(0, random.nextInt(4))
                .map(_ -> random.nextInt(50))
                .boxed()
                .collect(Collectors.toList());
        batches.add(new Batch(random.nextInt(4) > 0, compression, timestampsMs));
      }
      if (batches.stream().anyMatch(Batch::inLog)) {
        Written written = world.log.write(batches, 1 + random.nextInt(150));
        if (random.nextBoolean()) {
          world.cache.put(written.entry().object(), written.parts());
        }
        world.commit(written);
      }
      int inMemory = world.owners.log(PARTITION).entries.size();
      if (inMemory > 0 && random.nextInt(3) == 0) {
        world.owners.page(PARTITION, 1 + random.nextInt(inMemory), world.store);
      }
      if (random.nextInt(3) == 0) {
        world.views.refreshed(PARTITION);
        world.time.advance(Duration.ofMillis(1));
      }
    }
    world.time.advance(Duration.ofMillis(1));
  }

  private static OffsetOutcome found(Expected record) {
    return new OffsetOutcome.Found(record.offset(), record.timestampMs());
  }

  private static List<Expected> from(List<Expected> all, long offset, int count) {
    return all.subList((int) offset, (int) offset + count);
  }

  private static List<Long> baseOffsets(ReadOutcome.Read read) {
    return batches(read.batches()).stream().map(RecordBatch::baseOffset).toList();
  }

  private static List<Expected> expected(BatchBuffers buffers) {
    List<Expected> records = new ArrayList<>();
    for (RecordBatch batch : batches(buffers)) {
      for (Record record : batch) {
        byte[] value = new byte[record.valueSize()];
        record.value().get(value);
        records.add(
            new Expected(
                record.offset(), record.timestamp(), new String(value, StandardCharsets.UTF_8)));
      }
    }
    return records;
  }

  private static List<RecordBatch> batches(BatchBuffers buffers) {
    ByteBuffer joined = ByteBuffer.allocate(buffers.sizeBytes());
    buffers.buffers().forEach(buffer -> joined.put(buffer.duplicate()));
    List<RecordBatch> batches = new ArrayList<>();
    MemoryRecords.readableRecords(joined.flip()).batches().forEach(batches::add);
    return batches;
  }
}
