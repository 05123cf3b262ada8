package io.tributary.persistence.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.Outcomes;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.metadata.MetadataStore.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteMetadataStoreTest extends MetadataStoreContract {
  private static final Bytes VALUE = Bytes.wrap(new byte[] {1, 2, 3});

  @TempDir private Path folder;
  private String url = "";
  private MetadataStore store;

  @BeforeEach
  void open() {
    url = "sqlite:" + folder.resolve("deep/metadata.db");
    store = MetadataStores.open(url, "test");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected MetadataStore store() {
    return store;
  }

  private TransactionOutcome put(String key) {
    return Outcomes.of(
        store.transact(new Transaction(List.of(), List.of(new Write.Put(key, VALUE)), List.of())));
  }

  @Test
  void keysAndRevisionsOutliveTheProcess() {
    put("a");
    TransactionOutcome.Applied before = (TransactionOutcome.Applied) put("b");
    store.close();
    open();

    ReadOutcome.Read read = (ReadOutcome.Read) Outcomes.of(store.range(""));
    assertThat(read.entries()).extracting(MetadataStore.Entry::key).containsExactly("a", "b");
    assertThat(read.revision()).isEqualTo(before.revision());
    assertThat(((TransactionOutcome.Applied) put("c")).revision()).isGreaterThan(before.revision());
  }

  @Test
  void onlyOneProcessHoldsTheFile() throws Exception {
    assertThat(store.isExclusive()).isTrue();
    assertHeld();
    store.close();

    Process other = holdElsewhere();
    try {
      assertHeld();
    } finally {
      other.destroyForcibly();
      assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    open();
    assertThat(Outcomes.of(store.get("elsewhere")))
        .isInstanceOfSatisfying(
            ReadOutcome.Read.class, read -> assertThat(read.first()).isPresent());
  }

  private void assertHeld() {
    assertThatThrownBy(() -> MetadataStores.open(url, "test"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("metadata.db is held by another process");
  }

  private Process holdElsewhere() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                url)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("held");
    return process;
  }

  /** Another process: commits once, then holds the file until it is killed. */
  static final class Holder {
    private Holder() {}

    static void main(String[] arguments) throws IOException {
      MetadataStore store = MetadataStores.open(arguments[0], "test");
      Outcomes.of(
          store.transact(
              new Transaction(List.of(), List.of(new Write.Put("elsewhere", VALUE)), List.of())));
      System.out.println("held");
      int _ = System.in.read();
      store.close();
    }
  }

  @Test
  void commitsOfManyCallersShareTransactions() {
    List<List<TransactionOutcome>> outcomes =
        Outcomes.race(
            16,
            racer -> {
              List<CompletionStage<TransactionOutcome>> stages = new ArrayList<>();
              for (int i = 0; i < 200; i++) {
                Write write = new Write.Put("many/" + racer + "/" + i, VALUE);
                stages.add(store.transact(new Transaction(List.of(), List.of(write), List.of())));
              }
              return stages.stream().map(Outcomes::of).toList();
            });

    List<Long> revisions =
        outcomes.stream()
            .flatMap(List::stream)
            .map(outcome -> ((TransactionOutcome.Applied) outcome).revision())
            .toList();
    assertThat(revisions).doesNotHaveDuplicates().hasSize(16 * 200);
  }

  @Test
  void closedStoreAnswersUnknown() {
    store.close();

    assertThat(put("a")).isInstanceOf(TransactionOutcome.Unknown.class);
    assertThat(Outcomes.of(store.get("a"))).isInstanceOf(ReadOutcome.Unknown.class);
  }

  @Test
  void aFileThatIsNoDatabaseIsRefusedAndLeftAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("text"), "not a database, ".repeat(500));

    assertThatThrownBy(() -> MetadataStores.open("sqlite:" + file, "test"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be used");
    assertThat(Files.readString(file)).startsWith("not a database, ");
  }

  @Test
  void clustersInOneFileAreApart() {
    put("a");
    store.close();
    try (MetadataStore other = MetadataStores.open(url, "other")) {
      assertThat(((ReadOutcome.Read) Outcomes.of(other.range(""))).entries()).isEmpty();
    }
  }
}
