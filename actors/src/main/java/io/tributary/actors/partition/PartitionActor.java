package io.tributary.actors.partition;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.partition.model.PartitionMachine;
import io.tributary.actors.shard.ShardContext.ChildLoop;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.SliceDecision.Sequenced;
import java.util.function.Consumer;

/**
 * One partition of an owned shard: its machine, on a loop of its own. Called on the shard's loop,
 * where its answers also come, in the order of the calls.
 */
final class PartitionActor {
  private final PartitionMachine machine;
  private final ChildLoop loop;
  private final EventLoop shardLoop;

  /**
   * @param machine given up by the caller
   */
  PartitionActor(PartitionMachine machine, ChildLoop loop, EventLoop shardLoop) {
    this.machine = machine;
    this.loop = loop;
    this.shardLoop = shardLoop;
  }

  void decide(PartitionSlice slice, long nowMs, Consumer<Sequenced> onDecided) {
    loop.execute(
        () -> {
          Sequenced decision = machine.decide(slice.batches(), nowMs);
          shardLoop.execute(() -> onDecided.accept(decision));
        });
  }

  void replay(PartitionSlice slice, Sequenced decision, long decidedAtMs) {
    loop.execute(() -> machine.replay(slice.batches(), decision, decidedAtMs));
  }

  /** The state after all that was given before. */
  void state(Consumer<PartitionMachine.State> onState) {
    loop.execute(
        () -> {
          PartitionMachine.State state = machine.state();
          shardLoop.execute(() -> onState.accept(state));
        });
  }

  /** Ends after all that was given before. */
  void stop() {
    loop.execute(() -> shardLoop.execute(loop::stop));
  }
}
