package io.tributary.actors.simulation;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.partition.PartitionRequest;
import io.tributary.actors.shard.Journal;
import io.tributary.actors.shard.ShardContext;
import io.tributary.actors.shard.ShardLogic;
import io.tributary.actors.shard.ShardLogicFactory;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.PartitionShardCheckpointFormat;
import io.tributary.persistence.model.PartitionShardCheckpoint;
import io.tributary.persistence.model.ShardId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The sound logic of a shard, but for what a bug overrides. */
class AlteredLogic implements ShardLogic<PartitionRequest<?>, Object> {
  private final ShardLogic<PartitionRequest<?>, Object> logic;

  AlteredLogic(ShardLogic<PartitionRequest<?>, Object> logic) {
    this.logic = logic;
  }

  /** Changes how records are journaled. */
  @FunctionalInterface
  interface Journaling {
    /**
     * @param append the sound way, given what is to run after the commit
     */
    void append(ShardContext context, Bytes record, Runnable committed, Consumer<Runnable> append);
  }

  static Sabotage journaling(Journaling journaling) {
    return new Sabotage() {
      @Override
      public ShardLogicFactory<PartitionRequest<?>, Object> logic(
          ShardLogicFactory<PartitionRequest<?>, Object> sound, Surroundings surroundings) {
        return context -> sound.create(new AlteredContext(context, journaling));
      }
    };
  }

  static Sabotage replaying(UnaryOperator<List<Bytes>> change) {
    return around(
        (_, logic) ->
            new AlteredLogic(logic) {
              @Override
              public CompletionStage<Void> replay(List<Bytes> records) {
                return super.replay(change.apply(records));
              }
            });
  }

  static Sabotage restoring(UnaryOperator<PartitionShardCheckpoint> change) {
    return around(
        (context, logic) ->
            new AlteredLogic(logic) {
              @Override
              public CompletionStage<Void> restore(Optional<Bytes> checkpointRoot) {
                return super.restore(
                    checkpointRoot.map(
                        root ->
                            PartitionShardCheckpointFormat.encode(
                                context.shard().index(),
                                change.apply(LogicBugs.root(context, root)))));
              }
            });
  }

  static Sabotage requesting(UnaryOperator<PartitionRequest<?>> change) {
    return around(
        (_, logic) ->
            new AlteredLogic(logic) {
              @Override
              public void onRequest(PartitionRequest<?> request, Consumer<Object> reply) {
                super.onRequest(change.apply(request), reply);
              }
            });
  }

  static Sabotage around(
      BiFunction<ShardContext, ShardLogic<PartitionRequest<?>, Object>, AlteredLogic> change) {
    return aware((context, logic, _) -> change.apply(context, logic));
  }

  static Sabotage aware(LogicBugs.Maker maker) {
    return new Sabotage() {
      @Override
      public ShardLogicFactory<PartitionRequest<?>, Object> logic(
          ShardLogicFactory<PartitionRequest<?>, Object> sound, Surroundings surroundings) {
        return context -> maker.make(context, sound.create(context), surroundings);
      }
    };
  }

  @Override
  public CompletionStage<Void> restore(Optional<Bytes> checkpointRoot) {
    return logic.restore(checkpointRoot);
  }

  @Override
  public CompletionStage<Void> replay(List<Bytes> records) {
    return logic.replay(records);
  }

  @Override
  public void onServing() {
    logic.onServing();
  }

  @Override
  public void onRequest(PartitionRequest<?> request, Consumer<Object> reply) {
    logic.onRequest(request, reply);
  }

  @Override
  public CompletionStage<Bytes> checkpoint() {
    return logic.checkpoint();
  }

  @Override
  public void onStopped() {
    logic.onStopped();
  }

  private record AlteredContext(ShardContext context, Journaling journaling)
      implements ShardContext, Journal {
    @Override
    public void append(Bytes record, Runnable committed) {
      journaling.append(context, record, committed, then -> context.journal().append(record, then));
    }

    @Override
    public boolean hasRightToServe() {
      return context.journal().hasRightToServe();
    }

    @Override
    public Journal journal() {
      return this;
    }

    @Override
    public ShardId shard() {
      return context.shard();
    }

    @Override
    public long ownerEpoch() {
      return context.ownerEpoch();
    }

    @Override
    public long incarnation() {
      return context.incarnation();
    }

    @Override
    public EventLoop loop() {
      return context.loop();
    }

    @Override
    public ChildLoop startChild(String name) {
      return context.startChild(name);
    }
  }
}
