package io.tributary.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.cluster.Topics.CreateOutcome;
import io.tributary.actors.cluster.Topics.NewTopic;
import io.tributary.actors.loop.ManualEventLoop;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.persistence.metadata.MemoryMetadataStore;
import io.tributary.persistence.model.ShardCounts;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** One node's cluster classes in virtual time, over a store it shares with other nodes. */
final class ClusterNode {
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  final VirtualTime time;
  final ManualEventLoop loop;
  final UnreliableMetadataStore store;
  final FakeShardRouter router = new FakeShardRouter();
  final ClusterImages images;
  final TopicDeletion deletion;
  final Topics topics;

  ClusterNode(VirtualTime time, String name, MemoryMetadataStore shared) {
    this.time = time;
    loop = time.loop(name);
    store = new UnreliableMetadataStore(shared.on(loop));
    images =
        new ClusterImages(loop, store, ClusterImage.empty("cluster-of-tests", ShardCounts.DEFAULT));
    deletion =
        new TopicDeletion(
            loop,
            store,
            images,
            new TopicDeletion.Notices(
                router, FakeShardRouter.Forget::new, FakeShardRouter.Forget::new));
    topics =
        new Topics(
            loop,
            store,
            deletion,
            () -> new UUID(time.random().nextLong(), time.random().nextLong()));
  }

  ClusterNode started() {
    images.start();
    deletion.start();
    time.runUntilIdle();
    return this;
  }

  CompletionStage<CreateOutcome> create(String name) {
    return topics.create(new NewTopic(name, 3, Map.of()), TIMEOUT);
  }

  /** Creates a topic and waits for it. */
  TopicImage created(String name) {
    assertThat(await(create(name))).isInstanceOf(CreateOutcome.Created.class);
    return images.get().topic(name).orElseThrow();
  }

  <T> T await(CompletionStage<T> stage) {
    time.advanceUntil(() -> stage.toCompletableFuture().isDone(), Duration.ofMinutes(5));
    return stage.toCompletableFuture().join();
  }
}
