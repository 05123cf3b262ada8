package io.tributary.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.loop.ManualEventLoop;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.actors.shard.Heartbeats;
import io.tributary.actors.shard.ServingRight;
import io.tributary.persistence.metadata.MemoryMetadataStore;
import io.tributary.persistence.model.NodeRecord;
import io.tributary.persistence.model.NodeRecord.Address;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FormationTest {
  private final VirtualTime time = new VirtualTime(1);
  private final MemoryMetadataStore store = new MemoryMetadataStore(time.loop("store"));

  @Test
  void theFirstNodeFoundsAClusterOfItsOwn() {
    assertThat(found(new Node(1))).isEqualTo(address(1));
  }

  @Test
  void theNextNodeJoinsTheFounder() {
    found(new Node(1));
    assertThat(found(new Node(2))).isEqualTo(address(1));
  }

  @Test
  void aFounderThatStandsStillIsReplaced() {
    Node founder = new Node(1);
    found(founder);
    founder.loop.crash();
    assertThat(found(new Node(2))).isEqualTo(address(2));
    assertThat(found(new Node(3))).isEqualTo(address(2));
  }

  @Test
  void ofNodesThatStartTogetherOneFoundsAndTheOthersJoinIt() {
    for (int round = 0; round < 50; round++) {
      FormationTest world = new FormationTest();
      CompletableFuture<Address> first = world.new Node(1).find();
      CompletableFuture<Address> second = world.new Node(2).find();
      world.time.advance(Duration.ofSeconds(20));
      assertThat(first.join()).isEqualTo(second.join());
    }
  }

  private Address found(Node node) {
    CompletableFuture<Address> found = node.find();
    time.advanceUntil(found::isDone, Duration.ofSeconds(20));
    return found.join();
  }

  private static Address address(long incarnation) {
    return new Address("127.0.0.1", (int) incarnation);
  }

  /** Beats as soon as it is there. */
  private final class Node {
    private final ManualEventLoop loop;
    private final Formation formation;

    Node(long incarnation) {
      loop = time.loop("node" + incarnation);
      Heartbeats heartbeats = new Heartbeats(store, loop);
      heartbeats.start();
      Address address = address(incarnation);
      new NodeRegistration(store, loop, ServingRight.renewable(time.nowNanos()), time.random())
          .announce(
              new NodeRecord(
                  "n" + incarnation, incarnation, 1, address, address, "", "", "test", 0, 0));
      formation =
          new Formation(
              new Formation.Sources(store, heartbeats, time.random()),
              loop,
              new Formation.Founder(incarnation, address));
    }

    CompletableFuture<Address> find() {
      return formation.find().toCompletableFuture();
    }
  }
}
