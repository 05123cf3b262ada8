package io.tributary.persistence.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.Outcomes;
import io.tributary.persistence.objects.ObjectStore.DeleteOutcome;
import io.tributary.persistence.objects.ObjectStore.Entry;
import io.tributary.persistence.objects.ObjectStore.GetOutcome;
import io.tributary.persistence.objects.ObjectStore.ListOutcome;
import io.tributary.persistence.objects.ObjectStore.PutOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link ObjectStore} promises. */
public abstract class ObjectStoreContract {
  private static final int RACERS = 16;
  private static final AtomicInteger folders = new AtomicInteger();

  /** Each test has a folder of its own. */
  private final String folder = "contract/" + folders.incrementAndGet() + "/";

  protected abstract ObjectStore store();

  private ObjectKey key(String name) {
    return new ObjectKey(folder + name);
  }

  private static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Bytes noise(int sizeBytes, long seed) {
    byte[] noise = new byte[sizeBytes];
    new SplittableRandom(seed).nextBytes(noise);
    return Bytes.wrap(noise);
  }

  private PutOutcome put(ObjectKey key, Bytes... parts) {
    return Outcomes.of(store().putIfAbsent(key, List.of(parts)));
  }

  private Bytes found(CompletionStage<GetOutcome> read) {
    GetOutcome outcome = Outcomes.of(read);
    assertThat(outcome).isInstanceOf(GetOutcome.Found.class);
    return ((GetOutcome.Found) outcome).bytes();
  }

  private ListOutcome.Listed listed(String prefix, Optional<ObjectKey> after) {
    ListOutcome outcome = Outcomes.of(store().list(prefix, after));
    assertThat(outcome).isInstanceOf(ListOutcome.Listed.class);
    return (ListOutcome.Listed) outcome;
  }

  private List<String> names(String prefix) {
    return listed(folder + prefix, Optional.empty()).entries().stream()
        .map(entry -> entry.key().value().substring(folder.length()))
        .toList();
  }

  @Test
  void storedPartsAreReadBackAsOneObject() {
    Bytes slice = bytes("--middle--").slice(2, 6);

    assertThat(put(key("a"), bytes("first,"), Bytes.EMPTY, slice, bytes(",last")))
        .isEqualTo(new PutOutcome.Stored());

    assertThat(Outcomes.of(store().get(key("a"))))
        .isEqualTo(new GetOutcome.Found(bytes("first,middle,last"), 17));
  }

  @Test
  void takenKeyIsOccupiedAndKeepsItsObject() {
    put(key("a"), bytes("first"));

    assertThat(put(key("a"), bytes("second"))).isEqualTo(new PutOutcome.Occupied());

    assertThat(found(store().get(key("a")))).isEqualTo(bytes("first"));
  }

  @Test
  void exactlyOneOfRacingPutsIsStored() {
    for (int round = 0; round < 10; round++) {
      ObjectKey key = key("race-" + round);
      List<PutOutcome> outcomes =
          Outcomes.race(RACERS, racer -> putUntilKnown(key, noise(10_000 + racer, racer)));

      assertThat(outcomes).filteredOn(new PutOutcome.Stored()::equals).hasSize(1);
      int winner = outcomes.indexOf(new PutOutcome.Stored());
      assertThat(found(store().get(key))).isEqualTo(noise(10_000 + winner, winner));
    }
  }

  /** A server may answer a racing put with "conflict, try again", which is unknown. */
  private PutOutcome putUntilKnown(ObjectKey key, Bytes bytes) {
    PutOutcome outcome = put(key, bytes);
    for (int attempt = 0; outcome instanceof PutOutcome.Unknown && attempt < 20; attempt++) {
      outcome = put(key, bytes);
    }
    return outcome;
  }

  @Test
  void readersSeeWholeObjectsOrNone() {
    Bytes object = noise(4 * 1024 * 1024, 1);

    List<Boolean> whole =
        Outcomes.race(
            4,
            racer -> {
              if (racer == 0) {
                return put(key("big"), object).equals(new PutOutcome.Stored());
              }
              boolean isSeen = false;
              while (!isSeen) {
                switch (Outcomes.of(store().get(key("big")))) {
                  case GetOutcome.Absent _ -> {}
                  case GetOutcome.Found(Bytes bytes, long size) -> {
                    isSeen = true;
                    assertThat(size).isEqualTo(object.length());
                    assertThat(bytes.equals(object)).isTrue();
                  }
                  case GetOutcome.Unknown(Throwable cause) -> throw new AssertionError(cause);
                }
              }
              return true;
            });

    assertThat(whole).containsOnly(true);
  }

  @Test
  void absentObjectIsAbsentHoweverItIsRead() {
    assertThat(Outcomes.of(store().get(key("a")))).isEqualTo(new GetOutcome.Absent());
    assertThat(Outcomes.of(store().getRange(key("a"), 5, 5))).isEqualTo(new GetOutcome.Absent());
    assertThat(Outcomes.of(store().getRange(key("a"), 5, 0))).isEqualTo(new GetOutcome.Absent());
    assertThat(Outcomes.of(store().getSuffix(key("a"), 5))).isEqualTo(new GetOutcome.Absent());
  }

  @Test
  void rangeEndsWhereTheObjectEnds() {
    put(key("a"), bytes("0123456789"));

    assertThat(Outcomes.of(store().getRange(key("a"), 2, 3)))
        .isEqualTo(new GetOutcome.Found(bytes("234"), 10));
    assertThat(Outcomes.of(store().getRange(key("a"), 8, 100)))
        .isEqualTo(new GetOutcome.Found(bytes("89"), 10));
    assertThat(Outcomes.of(store().getRange(key("a"), 0, Integer.MAX_VALUE)))
        .isEqualTo(new GetOutcome.Found(bytes("0123456789"), 10));
    assertThat(Outcomes.of(store().getRange(key("a"), 3, 0)))
        .isEqualTo(new GetOutcome.Found(Bytes.EMPTY, 10));
  }

  @Test
  void rangeBehindTheEndIsEmpty() {
    put(key("a"), bytes("0123456789"));

    assertThat(Outcomes.of(store().getRange(key("a"), 10, 1)))
        .isEqualTo(new GetOutcome.Found(Bytes.EMPTY, 10));
    assertThat(Outcomes.of(store().getRange(key("a"), 1L << 40, 1)))
        .isEqualTo(new GetOutcome.Found(Bytes.EMPTY, 10));
  }

  @Test
  void suffixIsTheWholeObjectWhenThatIsShorter() {
    put(key("a"), bytes("0123456789"));

    assertThat(Outcomes.of(store().getSuffix(key("a"), 4)))
        .isEqualTo(new GetOutcome.Found(bytes("6789"), 10));
    assertThat(Outcomes.of(store().getSuffix(key("a"), 10)))
        .isEqualTo(new GetOutcome.Found(bytes("0123456789"), 10));
    assertThat(Outcomes.of(store().getSuffix(key("a"), 11)))
        .isEqualTo(new GetOutcome.Found(bytes("0123456789"), 10));
    assertThat(Outcomes.of(store().getSuffix(key("a"), 0)))
        .isEqualTo(new GetOutcome.Found(Bytes.EMPTY, 10));
  }

  @Test
  void largestObjectIsTakenAndReadBack() {
    Bytes half = noise(ObjectStore.PUT_BYTES_MAX / 2, 7);

    assertThat(put(key("a"), half, half)).isEqualTo(new PutOutcome.Stored());

    Bytes read = found(store().get(key("a")));
    assertThat(read.length()).isEqualTo(ObjectStore.PUT_BYTES_MAX);
    assertThat(read.slice(0, half.length()).equals(half)).isTrue();
    assertThat(read.slice(half.length(), half.length()).equals(half)).isTrue();
    assertThat(found(store().getRange(key("a"), half.length() - 3, 6)))
        .isEqualTo(read.slice(half.length() - 3, 6));
  }

  @Test
  void emptyAndTooLargeObjectsAreMistakes() {
    Bytes mebibyte = noise(1024 * 1024, 1);
    List<Bytes> tooLarge = new ArrayList<>();
    for (int i = 0; i < ObjectStore.PUT_BYTES_MAX / mebibyte.length(); i++) {
      tooLarge.add(mebibyte);
    }
    tooLarge.add(bytes("."));

    assertMistake(store().putIfAbsent(key("a"), List.of()));
    assertMistake(store().putIfAbsent(key("a"), List.of(Bytes.EMPTY)));
    assertMistake(store().putIfAbsent(key("a"), tooLarge));
    assertThat(Outcomes.of(store().get(key("a")))).isEqualTo(new GetOutcome.Absent());
  }

  @Test
  void negativeRangesAreMistakes() {
    assertMistake(store().getRange(key("a"), -1, 1));
    assertMistake(store().getRange(key("a"), 0, -1));
    assertMistake(store().getSuffix(key("a"), -1));
  }

  private static void assertMistake(CompletionStage<?> stage) {
    assertThatThrownBy(() -> Outcomes.of(stage))
        .cause()
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void listingIsInOrderOfTheKeysText() {
    Collection<String> names = new TreeSet<>();
    SplittableRandom random = new SplittableRandom(11);
    String alphabet = "019a-._/";
    while (names.size() < 150) {
      StringBuilder name = new StringBuilder();
      for (int i = random.nextInt(1, 12); i > 0; i--) {
        name.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      if (ObjectKey.isKey(name.toString())) {
        names.add(name.toString());
      }
    }
    names.removeIf(name -> isFolderOfAnother(name, names));
    names.forEach(name -> put(key(name), bytes(name)));

    assertThat(names("")).containsExactlyElementsOf(names);
    for (String prefix : List.of("0", "1/", "a-", "9.", "01", "--", "_")) {
      assertThat(names(prefix))
          .containsExactlyElementsOf(names.stream().filter(n -> n.startsWith(prefix)).toList());
    }
  }

  /** S3 servers over a file system cannot have an object where a folder is. */
  private static boolean isFolderOfAnother(String name, Collection<String> names) {
    return names.stream().anyMatch(other -> other.startsWith(name + "/"));
  }

  @Test
  void listingGoesOnBehindItsLastKey() {
    int count = ObjectStore.LIST_PAGE_MAX + 7;
    List<String> names =
        IntStream.range(0, count).mapToObj(i -> String.format("%020d", i * 3)).toList();
    Outcomes.race(
        RACERS,
        racer -> {
          for (int i = racer; i < count; i += RACERS) {
            assertThat(put(key(names.get(i)), bytes("x"))).isEqualTo(new PutOutcome.Stored());
          }
          return true;
        });

    ListOutcome.Listed first = listed(folder, Optional.empty());
    Entry last = first.entries().getLast();
    ListOutcome.Listed second = listed(folder, Optional.of(last.key()));

    assertThat(first.entries()).hasSize(ObjectStore.LIST_PAGE_MAX);
    assertThat(first.more()).isTrue();
    assertThat(second.entries()).hasSize(7);
    assertThat(second.more()).isFalse();
    List<String> listed = new ArrayList<>();
    first.entries().forEach(entry -> listed.add(entry.key().value()));
    second.entries().forEach(entry -> listed.add(entry.key().value()));
    assertThat(listed).containsExactlyElementsOf(names.stream().map(n -> folder + n).toList());
    assertThat(listed(folder, Optional.of(key(names.get(1000) + "0"))).entries()).hasSize(6);
  }

  @Test
  void listingTellsSizes() {
    put(key("a"), noise(1, 1));
    put(key("b"), noise(70_000, 1));

    assertThat(listed(folder, Optional.empty()).entries())
        .extracting(Entry::sizeBytes)
        .containsExactly(1L, 70_000L);
  }

  @Test
  void deletedObjectIsGoneAndItsKeyIsFree() {
    put(key("deep/er/a"), bytes("first"));

    assertThat(Outcomes.of(store().delete(key("deep/er/a"))))
        .isEqualTo(new DeleteOutcome.Deleted());
    assertThat(Outcomes.of(store().get(key("deep/er/a")))).isEqualTo(new GetOutcome.Absent());
    assertThat(names("")).isEmpty();
    assertThat(put(key("deep/er/a"), bytes("second"))).isEqualTo(new PutOutcome.Stored());
    assertThat(found(store().get(key("deep/er/a")))).isEqualTo(bytes("second"));
  }

  @Test
  void deletingWhatIsAbsentIsDone() {
    assertThat(Outcomes.of(store().delete(key("a")))).isEqualTo(new DeleteOutcome.Deleted());
  }

  @Test
  void putsAndDeletionsSideBySideLoseNothing() {
    List<Boolean> stored =
        Outcomes.race(
            8,
            racer -> {
              for (int i = 0; i < 40; i++) {
                ObjectKey gone = key("shared/" + racer + "-" + i + "-gone");
                ObjectKey kept = key("shared/" + racer + "-" + i + "-kept");
                boolean isStored =
                    put(gone, bytes("g")).equals(new PutOutcome.Stored())
                        && Outcomes.of(store().delete(gone)).equals(new DeleteOutcome.Deleted())
                        && put(kept, bytes("k")).equals(new PutOutcome.Stored());
                if (!isStored) {
                  return false;
                }
              }
              return true;
            });

    assertThat(stored).containsOnly(true);
    assertThat(names("shared/")).hasSize(8 * 40).allMatch(name -> name.endsWith("-kept"));
  }

  @Test
  void callersBytesAreNotTouched() {
    byte[] array = "abcdef".getBytes(StandardCharsets.UTF_8);
    byte[] before = Arrays.copyOf(array, array.length);

    put(key("a"), Bytes.wrap(array));

    assertThat(array).isEqualTo(before);
  }
}
