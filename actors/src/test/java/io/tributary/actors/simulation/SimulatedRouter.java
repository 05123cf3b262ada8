package io.tributary.actors.simulation;

import io.tributary.actors.partition.FeedSink;
import io.tributary.actors.partition.PartitionRequest;
import io.tributary.actors.shard.ShardReply;
import io.tributary.actors.shard.ShardRequest;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.actors.shard.ShardUnavailable;
import io.tributary.persistence.model.ShardId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One node's way to all shards: what is asked and what is fed may get lost, come twice, late, or to
 * a node that has lost the shard; nothing keeps its order.
 */
final class SimulatedRouter implements ShardRouter {
  private static final long DELAY_NANOS_MAX = 3_000_000;
  private static final long LATE_NANOS_MAX = 6_000_000_000L;

  /** So that no two asks of one moment give up in one moment, in an order that nobody chose. */
  private static final long TIMEOUT_SPREAD_NANOS = 1_000;

  private final World world;
  private final SimulatedNode node;
  private final Faults faults;
  private final long seed;
  private final Map<ShardId, SplittableRandom> randoms = new HashMap<>();

  SimulatedRouter(World world, SimulatedNode node) {
    this.world = world;
    this.node = node;
    this.faults = world.faults();
    this.seed = node.process.random().nextLong();
  }

  @Override
  public <A> CompletionStage<A> ask(ShardId shard, ShardRequest<A> request, Duration timeout) {
    // Chance is kept apart by shard: in which order a node asks several is not the seed's choice.
    SplittableRandom random =
        randoms.computeIfAbsent(shard, _ -> new SplittableRandom(seed + shard.index()));
    CompletableFuture<Object> answer = new CompletableFuture<>();
    PartitionRequest<?> sent = overNetwork((PartitionRequest<?>) request, random.split());
    int copies = faults.strikes(Fault.ASK_TWICE, random) ? 2 : 1;
    for (int copy = 0; copy < copies; copy++) {
      send(shard, sent, answer, random);
    }
    node.network.schedule(
        timeout.plusNanos(random.nextLong(TIMEOUT_SPREAD_NANOS)),
        () -> answer.completeExceptionally(new ShardUnavailable(shard, "none within " + timeout)));
    @SuppressWarnings("unchecked")
    CompletionStage<A> typed = (CompletionStage<A>) answer;
    return typed;
  }

  private void send(
      ShardId shard,
      PartitionRequest<?> request,
      CompletableFuture<Object> answer,
      SplittableRandom random) {
    boolean lost = faults.strikes(Fault.ASK_LOST, random);
    boolean answerLost = faults.strikes(Fault.ASK_ANSWER_LOST, random);
    boolean misrouted = faults.strikes(Fault.ASK_MISROUTED, random);
    boolean late = faults.strikes(Fault.ASK_LATE, random);
    long thereNanos = random.nextLong(late ? LATE_NANOS_MAX : DELAY_NANOS_MAX);
    long backNanos = random.nextLong(DELAY_NANOS_MAX);
    if (lost) {
      return;
    }
    ShardReply<Object> reply =
        new ShardReply<>() {
          @Override
          public void answer(Object value) {
            back(() -> answer.complete(value));
          }

          @Override
          public void unavailable(String why) {
            back(() -> answer.completeExceptionally(new ShardUnavailable(shard, why)));
          }

          private void back(Runnable arrival) {
            if (!answerLost) {
              world.time().after(backNanos, () -> node.network.execute(arrival));
            }
          }
        };
    world.time().after(thereNanos, () -> deliver(shard, misrouted, request, reply));
  }

  /** A shard that runs in the asking process is found there, whatever the others think. */
  private void deliver(
      ShardId shard, boolean misrouted, PartitionRequest<?> request, ShardReply<Object> reply) {
    Optional<SimulatedNode> there =
        node.hosts(shard) && !misrouted ? Optional.of(node) : world.route(shard, misrouted);
    there.ifPresentOrElse(
        host -> host.network.execute(() -> host.onAsk(shard, request, reply)),
        () -> reply.unavailable("nobody has it"));
  }

  private PartitionRequest<?> overNetwork(PartitionRequest<?> request, SplittableRandom random) {
    return request
            instanceof PartitionRequest.Subscribe(var subscriber, var partitions, FeedSink sink)
        ? new PartitionRequest.Subscribe(subscriber, partitions, overNetwork(sink, random))
        : request;
  }

  private FeedSink overNetwork(FeedSink sink, SplittableRandom random) {
    return message -> {
      boolean lost = faults.strikes(Fault.FEED_LOST, random);
      boolean late = faults.strikes(Fault.FEED_LATE, random);
      long delayNanos = random.nextLong(late ? LATE_NANOS_MAX : DELAY_NANOS_MAX);
      if (!lost) {
        world.time().after(delayNanos, () -> node.network.execute(() -> sink.tell(message)));
      }
    };
  }
}
