package io.tributary.persistence.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.Outcomes;
import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.metadata.MetadataStore.Watch;
import io.tributary.persistence.metadata.MetadataStore.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What every {@link MetadataStore} promises. */
public abstract class MetadataStoreContract {
  private static final int RACERS = 16;
  private static final AtomicInteger folders = new AtomicInteger();

  /** Each test has a folder of its own. */
  private final String folder = "contract/" + folders.incrementAndGet() + "/";

  protected abstract MetadataStore store();

  private String key(String name) {
    return folder + name;
  }

  private static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Entry entry) {
    return new String(entry.value().toByteArray(), StandardCharsets.UTF_8);
  }

  private ReadOutcome.Read get(String name) {
    return read(Outcomes.of(store().get(key(name))));
  }

  private ReadOutcome.Read range(String prefix) {
    return read(Outcomes.of(store().range(key(prefix))));
  }

  private static ReadOutcome.Read read(ReadOutcome outcome) {
    assertThat(outcome).isInstanceOf(ReadOutcome.Read.class);
    return (ReadOutcome.Read) outcome;
  }

  private List<String> names(String prefix) {
    return range(prefix).entries().stream()
        .map(entry -> entry.key().substring(folder.length()))
        .toList();
  }

  private TransactionOutcome transact(
      List<Compare> compares, List<Write> then, List<String> otherwise) {
    return Outcomes.of(store().transact(new Transaction(compares, then, otherwise)));
  }

  private long put(String name, String value) {
    TransactionOutcome outcome = transact(List.of(), List.of(write(name, value)), List.of());
    assertThat(outcome).isInstanceOf(TransactionOutcome.Applied.class);
    return ((TransactionOutcome.Applied) outcome).revision();
  }

  private Write write(String name, String value) {
    return new Write.Put(key(name), bytes(value));
  }

  private boolean applies(Compare compare, Write... then) {
    return switch (transact(List.of(compare), List.of(then), List.of())) {
      case TransactionOutcome.Applied _ -> true;
      case TransactionOutcome.Refused _ -> false;
      case TransactionOutcome.Unknown(Throwable cause) -> throw new AssertionError(cause);
    };
  }

  private Entry entry(String name) {
    return get(name).first().orElseThrow();
  }

  @Test
  void absentKeyReadsAsNothing() {
    assertThat(get("a").entries()).isEmpty();
    assertThat(range("a").entries()).isEmpty();
  }

  @Test
  void writtenValueIsReadBackWithTheRevisionItWasWrittenAt() {
    long first = put("a", "one");
    long second = put("b", "two");
    long third = put("a", "three");

    assertThat(first).isLessThan(second);
    assertThat(second).isLessThan(third);
    assertThat(entry("a")).isEqualTo(new Entry(key("a"), bytes("three"), third));
    assertThat(entry("b")).isEqualTo(new Entry(key("b"), bytes("two"), second));
    assertThat(get("a").revision()).isGreaterThanOrEqualTo(third);
  }

  @Test
  void emptyValuesAreValues() {
    put("a", "");

    assertThat(entry("a").value()).isEqualTo(Bytes.EMPTY);
    assertThat(applies(new Compare.ValueIs(key("a"), Bytes.EMPTY))).isTrue();
    assertThat(applies(new Compare.ValueIs(key("absent"), Bytes.EMPTY))).isFalse();
    assertThat(applies(new Compare.Absent(key("a")))).isFalse();
  }

  @Test
  void compareHoldsOnlyForExactlyWhatIsThere() {
    long version = put("a", "value");

    assertThat(applies(new Compare.ValueIs(key("a"), bytes("value")))).isTrue();
    for (String damaged : List.of("valu", "value ", "valuf", "Value", "", "\0value")) {
      assertThat(applies(new Compare.ValueIs(key("a"), bytes(damaged)))).isFalse();
    }
    assertThat(applies(new Compare.ValueIs(key("A"), bytes("value")))).isFalse();
    assertThat(applies(new Compare.VersionIs(key("a"), version))).isTrue();
    assertThat(applies(new Compare.VersionIs(key("a"), version - 1))).isFalse();
    assertThat(applies(new Compare.VersionIs(key("a"), version + 1))).isFalse();
    assertThat(applies(new Compare.VersionIs(key("absent"), version))).isFalse();
    assertThat(applies(new Compare.Absent(key("absent")))).isTrue();
  }

  @Test
  void versionOfAKeyWrittenAgainIsAnother() {
    long first = put("a", "same");
    transact(List.of(), List.of(new Write.Delete(key("a"))), List.of());
    put("a", "same");

    assertThat(applies(new Compare.VersionIs(key("a"), first))).isFalse();
  }

  @Test
  void refusedTransactionWritesNothingAndReadsTheElseBranch() {
    put("owner", "two");
    put("old", "kept");
    TransactionOutcome outcome =
        transact(
            List.of(
                new Compare.Absent(key("journal/1")),
                new Compare.ValueIs(key("owner"), bytes("one"))),
            List.of(write("journal/1", "x"), new Write.Delete(key("old"))),
            List.of(key("owner"), key("journal/1"), key("old")));

    assertThat(outcome).isInstanceOf(TransactionOutcome.Refused.class);
    TransactionOutcome.Refused refused = (TransactionOutcome.Refused) outcome;
    assertThat(refused.entries()).containsExactly(entry("owner"), entry("old"));
    assertThat(refused.revision()).isGreaterThanOrEqualTo(entry("old").version());
    assertThat(get("journal/1").entries()).isEmpty();
  }

  @Test
  void rangeIsAscendingAndEndsWithItsPrefix() {
    for (String name : List.of("topic/b", "topic/a", "topic", "topic0", "topic/a/x", "topic.")) {
      put(name, name);
    }

    assertThat(names("topic/")).containsExactly("topic/a", "topic/a/x", "topic/b");
    assertThat(names("topic"))
        .containsExactly("topic", "topic.", "topic/a", "topic/a/x", "topic/b", "topic0");
  }

  @Test
  void keysAreInOrderOfTheirBytes() {
    String privateUse = "k\uE000";
    String supplementary = "k\uD83D\uDE00";
    List.of(supplementary, privateUse, "k", "kz", "k%", "k_").forEach(name -> put(name, "x"));

    assertThat(names("k")).containsExactly("k", "k%", "k_", "kz", privateUse, supplementary);
    transact(
        List.of(), List.of(new Write.DeleteRange(key(privateUse), key(supplementary))), List.of());
    assertThat(names("k")).containsExactly("k", "k%", "k_", "kz", supplementary);
  }

  @Test
  void deletedRangeEndsBeforeItsEnd() {
    IntStream.range(0, 6).forEach(i -> put("journal/" + i, "x"));
    put("journal", "x");

    transact(
        List.of(),
        List.of(
            new Write.DeleteRange(key("journal/0"), key("journal/4")),
            new Write.Delete(key("journal/5")),
            new Write.Delete(key("absent")),
            new Write.DeleteRange(key("journal/9"), key("journal/0"))),
        List.of());

    assertThat(names("")).containsExactly("journal", "journal/4");
  }

  @Test
  void transactionOfFullSizeIsTaken() {
    int shards = MetadataStore.TRANSACTION_OPERATIONS_MAX / 2;
    List<Compare> compares = new ArrayList<>();
    List<Write> then = new ArrayList<>();
    List<String> otherwise = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      put(shard + "/owner", "me");
      compares.add(new Compare.ValueIs(key(shard + "/owner"), bytes("me")));
      compares.add(new Compare.Absent(key(shard + "/journal")));
      then.add(write(shard + "/journal", "x".repeat(1_000)));
      then.add(write(shard + "/second", "y"));
      otherwise.add(key(shard + "/owner"));
      otherwise.add(key(shard + "/journal"));
    }

    assertThat(transact(compares, then, otherwise)).isInstanceOf(TransactionOutcome.Applied.class);
    TransactionOutcome again = transact(compares, then, otherwise);
    assertThat(again).isInstanceOf(TransactionOutcome.Refused.class);
    assertThat(((TransactionOutcome.Refused) again).entries()).hasSize(2 * shards);
  }

  @Test
  void largestValueIsTakenAndReadBack() {
    String name = "large";
    String large = "v".repeat(MetadataStore.TRANSACTION_BYTES_MAX - key(name).length());

    put(name, large);

    assertThat(text(entry(name)).equals(large)).isTrue();
  }

  @Test
  void rangeMayBeLargerThanATransaction() {
    String large = "v".repeat(900_000);
    IntStream.range(0, 8).forEach(i -> put("large/" + i, large));

    assertThat(range("large/").entries()).hasSize(8).allMatch(entry -> text(entry).equals(large));
  }

  @Test
  void transactionsPastTheLimitsAreMistakes() {
    List<Write> tooMany =
        IntStream.rangeClosed(0, MetadataStore.TRANSACTION_OPERATIONS_MAX)
            .mapToObj(i -> write("k" + i, "x"))
            .toList();
    assertMistake(List.of(), tooMany);
    assertMistake(List.of(), List.of(write("k", "v".repeat(MetadataStore.TRANSACTION_BYTES_MAX))));
    assertMistake(List.of(), List.of(write("k", "1"), write("k", "2")));
    assertMistake(List.of(), List.of(write("k", "1"), new Write.Delete(key("k"))));
    assertMistake(List.of(), List.of(new Write.DeleteRange(key("a"), key("z")), write("k", "1")));
    assertMistake(List.of(new Compare.VersionIs(key("k"), 0)), List.of(write("k", "1")));
    assertThat(names("")).isEmpty();
  }

  private void assertMistake(List<Compare> compares, List<Write> then) {
    assertThatThrownBy(() -> transact(compares, then, List.of()))
        .cause()
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void exactlyOneOfRacingCreationsApplies() {
    for (int round = 0; round < 20; round++) {
      String name = "race-" + round;
      List<Boolean> applied =
          Outcomes.race(
              RACERS,
              racer -> applies(new Compare.Absent(key(name)), write(name, "racer-" + racer)));

      assertThat(applied).filteredOn(won -> won).hasSize(1);
      assertThat(text(entry(name))).isEqualTo("racer-" + applied.indexOf(true));
    }
  }

  @Test
  void racingCountersLoseNoCount() {
    int each = 25;
    put("counter", "0");

    Outcomes.race(
        RACERS,
        _ -> {
          int counted = 0;
          while (counted < each) {
            Entry before = entry("counter");
            String next = String.valueOf(Integer.parseInt(text(before)) + 1);
            Compare compare = new Compare.VersionIs(key("counter"), before.version());
            counted += applies(compare, write("counter", next)) ? 1 : 0;
          }
          return counted;
        });

    assertThat(text(entry("counter"))).isEqualTo(String.valueOf(RACERS * each));
  }

  /** What the fence of a shard rests on: who acquires and then reads, reads all there will be. */
  @Test
  void noCommitOfAnOldOwnerFollowsTheReadOfANewOne() {
    put("owner", "0");
    List<List<Acquired>> seen =
        Outcomes.race(
            RACERS,
            racer -> {
              List<Acquired> journals = new ArrayList<>();
              for (int turn = 0; turn < 6; turn++) {
                journals.add(acquireThenCommit(racer + "-" + turn));
              }
              return journals;
            });

    List<String> committed = names("journal/");
    assertThat(committed).isNotEmpty();
    for (Acquired acquired : seen.stream().flatMap(List::stream).toList()) {
      assertThat(recordsBefore(acquired.epoch, committed))
          .as("records of owners before %s, which read %s", acquired.epoch, acquired.records)
          .hasSize(acquired.records);
    }
  }

  /** Those that owners before {@code epoch} wrote; a later owner may be as quick as the read. */
  private static Stream<String> recordsBefore(int epoch, List<String> journal) {
    String first = String.format("journal/%06d", epoch);
    return journal.stream().filter(name -> name.compareTo(first) < 0);
  }

  /**
   * A turn of an owner.
   *
   * @param records of owners before it, found in the journal after acquiring
   */
  private record Acquired(int epoch, int records) {}

  private Acquired acquireThenCommit(String who) {
    while (true) {
      Entry owner = entry("owner");
      int epoch = Integer.parseInt(text(owner)) + 1;
      Compare compare = new Compare.VersionIs(key("owner"), owner.version());
      if (applies(compare, write("owner", String.valueOf(epoch)))) {
        int found = (int) recordsBefore(epoch, names("journal/")).count();
        Compare stillMine = new Compare.ValueIs(key("owner"), bytes(String.valueOf(epoch)));
        for (int number = 0; number < 3; number++) {
          String record = String.format("journal/%06d-%d", epoch, number);
          if (!applies(stillMine, write(record, who))) {
            break;
          }
        }
        return new Acquired(epoch, found);
      }
    }
  }

  @Test
  void readsSeeWholeTransactions() {
    put("pair/a", "0");
    put("pair/b", "0");

    List<Boolean> whole =
        Outcomes.race(
            4,
            racer -> {
              for (int i = 0; i < 60; i++) {
                if (racer == 0) {
                  String value = String.valueOf(i);
                  transact(
                      List.of(),
                      List.of(write("pair/a", value), write("pair/b", value)),
                      List.of());
                } else {
                  List<Entry> pair = range("pair/").entries();
                  if (!text(pair.get(0)).equals(text(pair.get(1)))) {
                    return false;
                  }
                }
              }
              return true;
            });

    assertThat(whole).containsOnly(true);
  }

  @Test
  void watcherIsToldOfEveryKindOfChange() {
    AtomicInteger told = new AtomicInteger();
    put("watched/a", "1");
    try (Watch _ = store().watch(key("watched/"), told::incrementAndGet)) {
      awaitMore(told, () -> put("watched/b", "1"));
      awaitMore(told, () -> put("watched/b", "2"));
      awaitMore(
          told, () -> transact(List.of(), List.of(new Write.Delete(key("watched/a"))), List.of()));
    }
  }

  private static void awaitMore(AtomicInteger told, Runnable change) {
    int before = told.get();
    change.run();
    Awaitility.await().until(() -> told.get() > before);
  }

  @Test
  void closedWatcherIsNotToldAgain() {
    AtomicInteger closed = new AtomicInteger();
    AtomicInteger open = new AtomicInteger();
    Watch watch = store().watch(key("watched/"), closed::incrementAndGet);
    try (Watch _ = store().watch(key("watched/"), open::incrementAndGet)) {
      awaitMore(closed, () -> put("watched/a", "1"));
      watch.close();
      int before = closed.get();
      awaitMore(open, () -> put("watched/a", "2"));
      awaitMore(open, () -> put("watched/a", "3"));

      assertThat(closed.get()).isLessThanOrEqualTo(before + 1);
    }
  }

  @Test
  void failingWatcherHarmsNobody() {
    AtomicInteger told = new AtomicInteger();
    try (Watch _ =
            store()
                .watch(
                    key("watched/"),
                    () -> {
                      throw new IllegalStateException("planted");
                    });
        Watch _ = store().watch(key("watched/"), told::incrementAndGet)) {
      awaitMore(told, () -> put("watched/a", "1"));
      awaitMore(told, () -> put("watched/a", "2"));
    }
  }
}
