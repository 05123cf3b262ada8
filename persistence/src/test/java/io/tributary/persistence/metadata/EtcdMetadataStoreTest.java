package io.tributary.persistence.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.Outcomes;
import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.metadata.MetadataStore.Watch;
import io.tributary.persistence.metadata.MetadataStore.Write;
import io.tributary.persistence.servers.EtcdServer;
import io.tributary.persistence.servers.FaultyLink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdMetadataStoreTest extends MetadataStoreContract {
  private static final Bytes VALUE = Bytes.wrap(new byte[] {1, 2, 3});

  @TempDir private static Path folder;
  private static EtcdServer server;
  private static MetadataStore store;

  @BeforeAll
  static void open() {
    server = new EtcdServer(folder.resolve("shared"));
    server.start();
    store = MetadataStores.open(server.url(), "test");
  }

  @AfterAll
  static void close() {
    store.close();
    server.close();
  }

  @Override
  protected MetadataStore store() {
    return store;
  }

  private static CompletionStage<TransactionOutcome> put(MetadataStore store, String key) {
    return store.transact(
        new Transaction(List.of(), List.of(new Write.Put(key, VALUE)), List.of()));
  }

  @Test
  void clustersInOneEtcdAreApart() {
    Outcomes.of(put(store, "a"));
    try (MetadataStore other = MetadataStores.open(server.url(), "tes")) {
      assertThat(((ReadOutcome.Read) Outcomes.of(other.range(""))).entries()).isEmpty();
    }
  }

  @Test
  void anEtcdThatIsAwayIsUnknownUntilItComes(@TempDir Path ownFolder) {
    try (EtcdServer late = new EtcdServer(ownFolder);
        MetadataStore store = MetadataStores.open(late.url(), "test");
        Watch _ = store.watch("a", () -> {})) {
      assertThat(Outcomes.of(store.get("a"))).isInstanceOf(ReadOutcome.Unknown.class);
      assertThat(Outcomes.of(put(store, "a"))).isInstanceOf(TransactionOutcome.Unknown.class);

      late.start();
      awaitApplied(store, "a");
      late.kill();
      assertThat(Outcomes.of(put(store, "b"))).isInstanceOf(TransactionOutcome.Unknown.class);

      late.start();
      awaitApplied(store, "c");
      assertThat(Outcomes.of(store.get("a")))
          .isInstanceOfSatisfying(
              ReadOutcome.Read.class, read -> assertThat(read.first()).isPresent());
    }
  }

  private static void awaitApplied(MetadataStore store, String key) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Outcomes.of(put(store, key)) instanceof TransactionOutcome.Applied);
  }

  @Test
  void aWatchOutlivesARestartOfEtcd(@TempDir Path ownFolder) {
    try (EtcdServer own = new EtcdServer(ownFolder);
        MetadataStore store = MetadataStores.open(own.url(), "test")) {
      own.start();
      AtomicInteger told = new AtomicInteger();
      try (Watch _ = store.watch("watched", told::incrementAndGet)) {
        awaitApplied(store, "watched/1");
        Awaitility.await().until(() -> told.get() > 0);
        own.kill();
        own.start();
        awaitApplied(store, "other");
        int before = told.get();
        awaitApplied(store, "watched/2");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> told.get() > before);
      }
    }
  }

  @Test
  void anEtcdThatHangsIsUnknownAfterTheDeadline(@TempDir Path ownFolder) throws Exception {
    try (EtcdServer own = new EtcdServer(ownFolder);
        MetadataStore store = MetadataStores.open(own.url(), "test")) {
      own.start();
      awaitApplied(store, "a");
      signal("STOP", own.pid());
      try {
        assertThat(Outcomes.of(put(store, "b"))).isInstanceOf(TransactionOutcome.Unknown.class);
        assertThat(Outcomes.of(store.get("a"))).isInstanceOf(ReadOutcome.Unknown.class);
      } finally {
        signal("CONT", own.pid());
      }
      awaitApplied(store, "c");
    }
  }

  /** A second attempt by the client itself would find the first and call it a refusal. */
  @Test
  void aTransactionWhoseAnswerIsLostIsUnknownNotRefused() {
    try (FaultyLink link = new FaultyLink(server.port());
        MetadataStore store = MetadataStores.open("etcd://127.0.0.1:" + link.port(), "lost")) {
      awaitApplied(store, "warm");
      Transaction creation =
          new Transaction(
              List.of(new Compare.Absent("created")),
              List.of(new Write.Put("created", VALUE)),
              List.of());
      link.loseAnswers();
      CompletionStage<TransactionOutcome> outcome = store.transact(creation);
      Awaitility.await().until(() -> link.lostBytes() > 0);
      link.reset();

      assertThat(Outcomes.of(outcome)).isInstanceOf(TransactionOutcome.Unknown.class);
      Awaitility.await()
          .until(() -> Outcomes.of(store.transact(creation)) instanceof TransactionOutcome.Refused);
    }
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor())
        .isZero();
  }

  @Test
  void closedStoreAnswersUnknown() {
    MetadataStore closed = MetadataStores.open(server.url(), "test");
    closed.close();

    assertThat(Outcomes.of(closed.get("a"))).isInstanceOf(ReadOutcome.Unknown.class);
    assertThat(Outcomes.of(put(closed, "a"))).isInstanceOf(TransactionOutcome.Unknown.class);
  }
}
