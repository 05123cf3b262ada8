package io.tributary.actors.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.loop.ManualEventLoop;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.actors.shard.FaultyMetadataStore.Fault;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.JournalEntryFormat;
import io.tributary.persistence.format.ShardKeys;
import io.tributary.persistence.format.ShardOwnerFormat;
import io.tributary.persistence.metadata.MemoryMetadataStore;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.Write;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import io.tributary.persistence.model.ShardOwner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FencedWriterTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

  private final World world = new World(new VirtualTime(1));
  private final VirtualTime time = world.time;
  private final FaultyMetadataStore store = world.store;

  @Test
  void recordsThatArriveDuringACommitShareTheNextOne() {
    Shard first = world.shard(1);
    Shard second = world.shard(2);
    first.append("a");
    first.append("b");
    second.append("x");
    first.append("c");
    time.advance(LONG_ENOUGH);
    assertThat(first.journal()).containsExactly("a", "b c");
    assertThat(second.journal()).containsExactly("x");
    assertThat(first.committed).containsExactly("1:1", "2:2");
    assertThat(world.journalTransactions()).hasSize(2);
  }

  @Test
  void oneTransactionTakesSixtyShardsAtMost() {
    List<Shard> shards = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      shards.add(world.shard(i));
    }
    shards.forEach(shard -> shard.append("a"));
    time.advance(LONG_ENOUGH);
    assertThat(shards).allSatisfy(shard -> assertThat(shard.committed).containsExactly("1:1"));
    assertThat(world.journalTransactions().stream().map(sent -> sent.then().size()))
        .containsExactly(1, 60, 60, 29);
  }

  @Test
  void largeRecordsAreSpreadOverTransactionsTheStoreTakes() {
    Bytes large = Bytes.wrap(new byte[Journal.RECORD_BYTES_MAX]);
    List<Shard> shards = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      shards.add(world.shard(i));
    }
    for (Shard shard : shards) {
      shard.line.append(large);
      shard.line.append(large);
    }
    time.advance(LONG_ENOUGH);
    assertThat(shards)
        .allSatisfy(shard -> assertThat(shard.committed).containsExactly("1:1", "2:1"));
  }

  @Test
  void aLostAnswerIsAskedForAgainAndTheRecordStandsOnce() {
    Shard shard = world.shard(1);
    store.next(Fault.ANSWER_LOST, Fault.ANSWER_LOST);
    shard.append("a");
    shard.append("b");
    time.advance(LONG_ENOUGH);
    assertThat(shard.journal()).containsExactly("a", "b");
    assertThat(shard.committed).containsExactly("1:1", "2:1");
    assertThat(world.journalTransactions().subList(0, 3))
        .containsOnly(world.journalTransactions().getFirst());
  }

  @Test
  void nothingIsReportedWhileTheOutcomeIsUnknown() {
    Shard shard = world.shard(1);
    store.always(() -> Fault.ANSWER_LOST);
    shard.append("a");
    time.advance(LONG_ENOUGH);
    assertThat(shard.journal()).containsExactly("a");
    assertThat(shard.committed).isEmpty();
    assertThat(world.journalTransactions())
        .as("attempts in 30 s, with back-off")
        .hasSizeBetween(10, 60);
  }

  @Test
  void aLostRequestIsSentAgain() {
    Shard shard = world.shard(1);
    store.next(Fault.REQUEST_LOST);
    shard.append("a");
    time.advance(LONG_ENOUGH);
    assertThat(shard.journal()).containsExactly("a");
    assertThat(shard.committed).containsExactly("1:1");
  }

  @Test
  void aRequestThatLandsAfterItsRepetitionChangesNothing() {
    Shard shard = world.shard(1);
    store.next(Fault.REQUEST_DELAYED);
    shard.append("a");
    time.advance(LONG_ENOUGH);
    shard.append("b");
    time.advance(LONG_ENOUGH);
    store.landDelayed();
    time.advance(LONG_ENOUGH);
    assertThat(shard.journal()).containsExactly("a", "b");
  }

  @Test
  void aFencedShardHearsItAndTheOthersCommit() {
    Shard fenced = world.shard(1);
    Shard other = world.shard(2);
    other.append("first");
    fenced.append("a");
    other.append("x");
    fenced.takeOver(2);
    time.advance(LONG_ENOUGH);
    assertThat(fenced.committed).containsExactly("fenced");
    assertThat(fenced.journal()).isEmpty();
    assertThat(other.committed).containsExactly("1:1", "2:1");
    assertThat(other.journal()).containsExactly("first", "x");
  }

  @Test
  void anAttemptOfTheSameEpochIsAnotherOwner() {
    Shard shard = world.shard(1);
    shard.put(new ShardOwner(1, 1, 99, false));
    shard.append("a");
    time.advance(LONG_ENOUGH);
    assertThat(shard.committed).containsExactly("fenced");
  }

  @Test
  void aSealedRecordEndsItsEntry() {
    Shard shard = world.shard(1);
    shard.append("a");
    shard.append("b");
    shard.line.seal();
    shard.append("c");
    time.advance(LONG_ENOUGH);
    assertThat(shard.journal()).containsExactly("a", "b", "c");
  }

  @Test
  void aClosedLineReportsAndWritesNoMore() {
    Shard shard = world.shard(1);
    shard.append("a");
    shard.append("b");
    shard.line.close();
    shard.append("c");
    time.advance(LONG_ENOUGH);
    assertThat(shard.committed).isEmpty();
    assertThat(shard.journal()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void ofTwoWritersOnlyTheNewOwnersRecordsStand() {
    for (long seed = 0; seed < 200; seed++) {
      race(new VirtualTime(seed));
    }
  }

  /** An old owner keeps writing while a new one takes the shard over. */
  private static void race(VirtualTime time) {
    World world = new World(time);
    world.store.always(() -> time.random().nextInt(3) == 0 ? anyFault(time) : Fault.NONE);
    Shard old = world.shard(7);
    old.append("old1");
    old.append("old2");
    time.advance(Duration.ofMillis(time.random().nextInt(200)));
    old.takeOver(2);
    long next = old.journal().size() + 1;
    Shard successor = new Shard(world, world.writer("successor"), 7, new Start(2, next));
    successor.append("new1");
    old.append("old3");
    time.advance(Duration.ofMillis(time.random().nextInt(200)));
    world.store.landDelayed();
    successor.append("new2");
    world.store.always(() -> Fault.NONE);
    time.advance(LONG_ENOUGH);
    assertThat(String.join(" ", old.journal().stream().skip(next - 1).toList()))
        .isEqualTo("new1 new2");
    assertThat(old.committed.stream().filter(told -> !told.equals("fenced")).count())
        .isLessThan(next);
    assertThat(successor.committed).doesNotContain("fenced").isNotEmpty();
  }

  private static Fault anyFault(VirtualTime time) {
    return Fault.values()[time.random().nextInt(Fault.values().length)];
  }

  /** A store, and writers to it. */
  private static final class World {
    private final VirtualTime time;
    private final MemoryMetadataStore memory;
    private final FaultyMetadataStore store;
    private final FencedWriter writer;

    World(VirtualTime time) {
      this.time = time;
      memory = new MemoryMetadataStore(time.loop("store"));
      store = new FaultyMetadataStore(memory, false);
      writer = writer("writer");
    }

    Shard shard(int index) {
      return new Shard(this, writer, index, new Start(1, 1));
    }

    private FencedWriter writer(String name) {
      ManualEventLoop loop = time.loop(name);
      return new FencedWriter(store, loop, time.random());
    }

    private List<Transaction> journalTransactions() {
      return store.sent().stream()
          .filter(
              sent ->
                  sent.then().getFirst() instanceof Write.Put put
                      && put.key().contains("/journal/"))
          .toList();
    }
  }

  private record Start(long epoch, long nextNumber) {}

  /** A shard owned by incarnation 1, and what its line reported: {@code number:records}. */
  private static final class Shard {
    private final World world;
    private final ShardKeys keys;
    private final List<String> committed = new ArrayList<>();
    private final JournalLine line;

    Shard(World world, FencedWriter writer, int index, Start start) {
      this.world = world;
      keys = new ShardKeys(new ShardId(ShardKind.PARTITIONS, index));
      ShardOwner owner = new ShardOwner(start.epoch(), start.epoch(), 0, false);
      put(owner);
      line =
          writer.open(
              keys,
              owner,
              start.nextNumber(),
              new FencedWriter.Listener() {
                @Override
                public void onCommitted(long number, int records) {
                  committed.add(number + ":" + records);
                }

                @Override
                public void onFenced() {
                  committed.add("fenced");
                }
              });
    }

    void append(String record) {
      line.append(Bytes.wrap(record.getBytes(StandardCharsets.UTF_8)));
    }

    void takeOver(long epoch) {
      put(new ShardOwner(epoch, epoch, 0, false));
    }

    void put(ShardOwner owner) {
      Write put = new Write.Put(keys.owner(), ShardOwnerFormat.write(owner));
      world.memory.transact(new Transaction(List.of(), List.of(put), List.of()));
    }

    /** Each entry's records, in order. */
    List<String> journal() {
      var read = world.memory.range(keys.journalPrefix()).toCompletableFuture();
      world.time.runUntilIdle();
      return ((ReadOutcome.Read) read.join()).entries().stream().map(this::records).toList();
    }

    private String records(Entry entry) {
      return String.join(
          " ",
          JournalEntryFormat.read(entry.value()).records().stream()
              .map(record -> new String(record.toByteArray(), StandardCharsets.UTF_8))
              .toList());
    }
  }
}
