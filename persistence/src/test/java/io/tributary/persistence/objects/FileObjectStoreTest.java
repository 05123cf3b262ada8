package io.tributary.persistence.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.Outcomes;
import io.tributary.persistence.objects.ObjectStore.GetOutcome;
import io.tributary.persistence.objects.ObjectStore.ListOutcome;
import io.tributary.persistence.objects.ObjectStore.PutOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreTest extends ObjectStoreContract {
  private static final Bytes OBJECT = Bytes.wrap(new byte[] {1, 2, 3});

  @TempDir private Path folder;
  private ObjectStore store;

  @BeforeEach
  void open() {
    store = ObjectStores.open("file:" + folder.resolve("objects"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  private PutOutcome put(String key) {
    return Outcomes.of(store.putIfAbsent(new ObjectKey(key), List.of(OBJECT)));
  }

  @Test
  void objectsOutliveTheProcess() {
    put("intake/1/5");
    store.close();
    open();

    assertThat(Outcomes.of(store.get(new ObjectKey("intake/1/5"))))
        .isEqualTo(new GetOutcome.Found(OBJECT, 3));
  }

  @Test
  void anObjectMayStandWhereAnotherHasItsFolder() {
    assertThat(put("a")).isEqualTo(new PutOutcome.Stored());
    assertThat(put("a/b")).isEqualTo(new PutOutcome.Stored());
    assertThat(put("a/b/c")).isEqualTo(new PutOutcome.Stored());

    ListOutcome listed = Outcomes.of(store.list("", Optional.empty()));
    assertThat(((ListOutcome.Listed) listed).entries())
        .extracting(entry -> entry.key().value())
        .containsExactly("a", "a/b", "a/b/c");
  }

  @Test
  void noFolderGetsMoreThanAThousandNumberedObjects() throws IOException {
    List<CompletionStage<PutOutcome>> puts =
        IntStream.range(0, 2_500)
            .mapToObj(i -> new ObjectKey("intake/1/" + String.format("%020d", i)))
            .map(key -> store.putIfAbsent(key, List.of(OBJECT)))
            .toList();
    assertThat(puts).allMatch(put -> Outcomes.of(put).equals(new PutOutcome.Stored()));

    try (Stream<Path> paths = Files.walk(folder)) {
      assertThat(paths.filter(Files::isDirectory))
          .allSatisfy(
              path -> {
                try (Stream<Path> children = Files.list(path)) {
                  assertThat(children.count()).isLessThanOrEqualTo(1_000);
                }
              });
    }
  }

  @Test
  void deletionLeavesNoEmptyFolders() throws IOException {
    put("intake/1/00000000000000000001");
    put("intake/2/00000000000000000001");
    Outcomes.of(store.delete(new ObjectKey("intake/1/00000000000000000001")));

    assertThat(folder.resolve("objects/intake/1")).doesNotExist();
    assertThat(folder.resolve("objects/intake/2")).exists();
  }

  @Test
  void draftsOfDeadProcessesGoAndThoseOfLivingOnesStay() throws IOException {
    store.close();
    Path incoming = folder.resolve("objects/+incoming");
    Path old = Files.write(incoming.resolve("dead-1"), new byte[10]);
    Files.setLastModifiedTime(
        old, FileTime.from(Files.getLastModifiedTime(old).toInstant().minus(Duration.ofHours(2))));
    Path young = Files.write(incoming.resolve("living-1"), new byte[10]);
    open();

    Awaitility.await()
        .untilAsserted(
            () -> {
              try (Stream<Path> files = Files.list(incoming)) {
                assertThat(files).containsExactly(young);
              }
            });
  }

  @Test
  void namesThatAreNoKeysAreNotListed() throws IOException {
    put("a");
    Files.createDirectories(folder.resolve("objects/lost+found"));
    Files.write(folder.resolve("objects/stray"), new byte[1]);
    Files.write(folder.resolve("objects/~/no key"), new byte[1]);

    ListOutcome listed = Outcomes.of(store.list("", Optional.empty()));
    assertThat(((ListOutcome.Listed) listed).entries())
        .extracting(entry -> entry.key().value())
        .containsExactly("a");
  }

  @Test
  void aStoreThatIsAwayWorksOnceItIsThere() throws IOException {
    store.close();
    Path blocked = folder.resolve("blocked");
    Files.write(blocked, new byte[0]);
    store = new FileObjectStore(blocked.resolve("objects"), true);

    assertThat(put("a")).isInstanceOf(PutOutcome.Unknown.class);
    assertThat(Outcomes.of(store.delete(new ObjectKey("a"))))
        .isInstanceOf(ObjectStore.DeleteOutcome.Unknown.class);

    Files.delete(blocked);
    assertThat(put("a")).isEqualTo(new PutOutcome.Stored());
  }

  @Test
  void closedStoreAnswersUnknown() {
    store.close();

    assertThat(put("a")).isInstanceOf(PutOutcome.Unknown.class);
  }
}
