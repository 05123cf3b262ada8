package io.tributary.persistence.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.Outcomes;
import io.tributary.persistence.objects.ObjectStore.GetOutcome;
import io.tributary.persistence.objects.ObjectStore.PutOutcome;
import io.tributary.persistence.servers.FaultyLink;
import io.tributary.persistence.servers.S3Server;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3ObjectStoreTest extends ObjectStoreContract {
  private static final ObjectKey KEY = new ObjectKey("key");
  private static final List<Bytes> OBJECT = List.of(Bytes.wrap(new byte[] {1, 2, 3}));

  @TempDir private static Path folder;
  private static S3Server server;
  private static ObjectStore store;

  @BeforeAll
  static void open() {
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    server = new S3Server(folder.resolve("shared"));
    server.start();
    store = ObjectStores.open(server.url("contract-of/s3"));
  }

  @AfterAll
  static void close() {
    store.close();
    server.close();
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Test
  void prefixesKeepStoresApart() {
    try (ObjectStore other = ObjectStores.open(server.url("other"))) {
      ObjectKey key = new ObjectKey("prefixes");
      Outcomes.of(store.putIfAbsent(key, OBJECT));

      assertThat(Outcomes.of(other.get(key))).isEqualTo(new GetOutcome.Absent());
      assertThat(Outcomes.of(other.putIfAbsent(key, OBJECT))).isEqualTo(new PutOutcome.Stored());
    }
  }

  @Test
  void aBucketThatIsNotThereSaysNothingAboutItsObjects() {
    String url = server.url("p").replace("s3://" + S3Server.BUCKET, "s3://no-such-bucket");
    try (ObjectStore lost = ObjectStores.open(url)) {
      assertThat(Outcomes.of(lost.get(KEY))).isInstanceOf(GetOutcome.Unknown.class);
      assertThat(Outcomes.of(lost.getRange(KEY, 0, 0))).isInstanceOf(GetOutcome.Unknown.class);
      assertThat(Outcomes.of(lost.putIfAbsent(KEY, OBJECT))).isInstanceOf(PutOutcome.Unknown.class);
    }
  }

  @Test
  void aServerThatIsAwayIsUnknownUntilItComes(@TempDir Path ownFolder) {
    try (S3Server late = new S3Server(ownFolder);
        ObjectStore store = ObjectStores.open(late.url(""))) {
      assertThat(Outcomes.of(store.get(KEY))).isInstanceOf(GetOutcome.Unknown.class);
      assertThat(Outcomes.of(store.putIfAbsent(KEY, OBJECT)))
          .isInstanceOf(PutOutcome.Unknown.class);

      late.start();
      Awaitility.await()
          .until(
              () -> Outcomes.of(store.putIfAbsent(KEY, OBJECT)), new PutOutcome.Stored()::equals);
      late.kill();
      assertThat(Outcomes.of(store.get(KEY))).isInstanceOf(GetOutcome.Unknown.class);

      late.start();
      Awaitility.await()
          .until(
              () -> Outcomes.of(store.get(KEY)),
              new GetOutcome.Found(OBJECT.getFirst(), 3)::equals);
    }
  }

  /** A second attempt by the client itself would find the first and call the key occupied. */
  @Test
  void aPutWhoseAnswerIsLostIsUnknownNotOccupied() {
    try (FaultyLink link = new FaultyLink(server.port());
        ObjectStore store =
            ObjectStores.open(server.url("lost").replace(":" + server.port(), ":" + link.port()))) {
      ObjectKey key = new ObjectKey("answer");
      assertThat(Outcomes.of(store.get(key))).isEqualTo(new GetOutcome.Absent());
      link.loseAnswers();
      CompletionStage<PutOutcome> outcome = store.putIfAbsent(key, OBJECT);
      Awaitility.await().until(() -> link.lostBytes() > 0);
      link.reset();

      assertThat(Outcomes.of(outcome)).isInstanceOf(PutOutcome.Unknown.class);
      Awaitility.await()
          .until(
              () -> Outcomes.of(store.putIfAbsent(key, OBJECT)), new PutOutcome.Occupied()::equals);
    }
  }
}
