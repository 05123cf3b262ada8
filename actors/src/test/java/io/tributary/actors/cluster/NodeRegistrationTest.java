package io.tributary.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.loop.ManualEventLoop;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.actors.shard.ServingRight;
import io.tributary.persistence.format.NodeRecordFormat;
import io.tributary.persistence.metadata.MemoryMetadataStore;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.model.NodeRecord;
import io.tributary.persistence.model.NodeRecord.Address;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class NodeRegistrationTest {
  private final VirtualTime time = new VirtualTime(1);
  private final ManualEventLoop storeLoop = time.loop("store");
  private final MemoryMetadataStore store = new MemoryMetadataStore(storeLoop);

  @Test
  void aNodeBeatsEverySecondAndKeepsItsRight() {
    Node node = new Node(1);
    time.advance(Duration.ofSeconds(30));
    assertThat(standing().orElseThrow().heartbeat()).isBetween(29L, 31L);
    assertThat(node.right.term(time.nowNanos())).isEqualTo(1);
  }

  @Test
  void theRightEndsThreeSecondsIntoAnOutageAndComesBackAsAnotherTerm() {
    Node node = new Node(1);
    time.advance(Duration.ofSeconds(5));
    storeLoop.pause();
    time.advance(Duration.ofSeconds(4));
    assertThat(node.right.term(time.nowNanos())).isEqualTo(ServingRight.NO_TERM);
    storeLoop.resume();
    time.advance(Duration.ofSeconds(2));
    assertThat(node.right.term(time.nowNanos())).isEqualTo(2);
  }

  @Test
  void aNewerIncarnationTakesTheNameAndTheOlderHearsIt() {
    Node older = new Node(1);
    time.advance(Duration.ofSeconds(5));
    Node newer = new Node(2);
    time.advance(Duration.ofSeconds(2));
    assertThat(older.superseded).isCompleted();
    assertThat(older.right.term(time.nowNanos())).isEqualTo(ServingRight.NO_TERM);
    time.advance(Duration.ofSeconds(5));
    assertThat(standing().orElseThrow().incarnation()).isEqualTo(2);
    assertThat(newer.superseded).isNotCompleted();
  }

  @Test
  void anOlderIncarnationNeverTakesTheNameBack() {
    new Node(2);
    time.advance(Duration.ofSeconds(5));
    Node older = new Node(1);
    time.advance(Duration.ofSeconds(5));
    assertThat(older.superseded).isCompleted();
    assertThat(standing().orElseThrow().incarnation()).isEqualTo(2);
  }

  @Test
  void aNodeThatWithdrawsIsGoneAndServesNoMore() {
    Node node = new Node(1);
    time.advance(Duration.ofSeconds(5));
    var withdrawn = node.registration.withdraw("n").toCompletableFuture();
    time.advance(Duration.ofSeconds(5));
    assertThat(withdrawn).isCompleted();
    assertThat(standing()).isEmpty();
    assertThat(node.right.term(time.nowNanos())).isEqualTo(ServingRight.NO_TERM);
  }

  @Test
  void aNodeThatStoodStillServesNothingWhenItGoesOn() {
    Node node = new Node(1);
    time.advance(Duration.ofSeconds(5));
    node.loop.pause();
    time.advance(Duration.ofMillis(2_000));
    node.loop.resume();
    // Its renewal still counts for a moment; the late tick ends it first.
    time.runUntilIdle();
    time.advance(Duration.ofSeconds(2));
    assertThat(node.right.term(time.nowNanos())).isEqualTo(2);
  }

  private Optional<NodeRecord> standing() {
    var read = store.get(NodeRecordFormat.key("n")).toCompletableFuture();
    time.runUntilIdle();
    return ((ReadOutcome.Read) read.join()).first().map(Entry::value).map(NodeRecordFormat::read);
  }

  private final class Node {
    private final ManualEventLoop loop;
    private final ServingRight right = ServingRight.renewable(time.nowNanos());
    private final NodeRegistration registration;
    private final CompletableFuture<Void> superseded;

    Node(long incarnation) {
      loop = time.loop("n." + incarnation);
      registration = new NodeRegistration(store, loop, right, time.random());
      superseded = registration.superseded().toCompletableFuture();
      Address nowhere = new Address("127.0.0.1", 1);
      registration.announce(
          new NodeRecord("n", incarnation, 1, nowhere, nowhere, "", "", "test", 0, 0));
    }
  }
}
