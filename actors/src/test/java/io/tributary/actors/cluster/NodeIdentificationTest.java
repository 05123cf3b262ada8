package io.tributary.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.loop.VirtualTime;
import io.tributary.persistence.metadata.MemoryMetadataStore;
import io.tributary.persistence.model.ShardCounts;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class NodeIdentificationTest {
  private final VirtualTime time = new VirtualTime(1);
  private final MemoryMetadataStore store = new MemoryMetadataStore(time.loop("store"));

  @Test
  void theFirstNodeFoundsTheClusterAndAllAgreeOnIt() {
    CompletableFuture<NodeIdentity> first = identify("a", OptionalInt.empty());
    CompletableFuture<NodeIdentity> second = identify("b", OptionalInt.empty());
    time.advance(Duration.ofSeconds(10));
    assertThat(first.join().cluster()).isEqualTo(second.join().cluster());
    assertThat(first.join().cluster().id()).hasSize(22).doesNotStartWith("-");
    assertThat(first.join().cluster().shards()).isEqualTo(ShardCounts.DEFAULT);
  }

  @Test
  void nodesThatStartTogetherGetDifferentNumbers() {
    for (long seed = 0; seed < 50; seed++) {
      NodeIdentificationTest world = new NodeIdentificationTest();
      CompletableFuture<NodeIdentity> first = world.identify("a", OptionalInt.empty());
      CompletableFuture<NodeIdentity> second = world.identify("b", OptionalInt.empty());
      world.time.advance(Duration.ofSeconds(10));
      assertThat(first.join().incarnation()).isNotEqualTo(second.join().incarnation());
      assertThat(first.join().brokerId()).isNotEqualTo(second.join().brokerId());
    }
  }

  @Test
  void aRestartKeepsTheBrokerIdAndRaisesTheIncarnation() {
    NodeIdentity other = identified("b", OptionalInt.empty());
    NodeIdentity before = identified("a", OptionalInt.empty());
    NodeIdentity after = identified("a", OptionalInt.empty());
    assertThat(other.brokerId()).isEqualTo(1);
    assertThat(before.brokerId()).isEqualTo(2);
    assertThat(after.brokerId()).isEqualTo(2);
    assertThat(after.incarnation()).isGreaterThan(before.incarnation());
  }

  @Test
  void anIdThatWasAskedForIsClaimed() {
    assertThat(identified("a", OptionalInt.of(17)).brokerId()).isEqualTo(17);
  }

  @Test
  void anIdOfAnotherNodeIsRefusedByName() {
    identified("a", OptionalInt.of(17));
    CompletableFuture<NodeIdentity> second = identify("b", OptionalInt.of(17));
    time.advance(Duration.ofSeconds(10));
    assertThat(second)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("broker id 17 belongs to node a");
  }

  private NodeIdentity identified(String name, OptionalInt brokerId) {
    CompletableFuture<NodeIdentity> identity = identify(name, brokerId);
    time.advanceUntil(identity::isDone, Duration.ofSeconds(10));
    return identity.join();
  }

  private CompletableFuture<NodeIdentity> identify(String name, OptionalInt brokerId) {
    return new NodeIdentification(
            store,
            time.loop(name),
            time.random(),
            new NodeIdentification.Wanted(name, brokerId, ShardCounts.DEFAULT))
        .identify()
        .toCompletableFuture();
  }
}
