package io.tributary.actors.simulation;

import io.tributary.actors.partition.AppendAnswer;
import io.tributary.actors.partition.PartitionRequest;
import io.tributary.actors.shard.ShardContext;
import io.tributary.actors.shard.ShardLogic;
import io.tributary.actors.shard.ShardLogicFactory;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.DamagedException;
import io.tributary.persistence.format.PartitionEventFormat;
import io.tributary.persistence.model.PartitionEvent.Appended;
import io.tributary.persistence.model.SliceDecision.Sequenced;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Counts what befalls a shard's logic, and changes nothing. */
final class WatchedLogic implements ShardLogic<PartitionRequest<?>, Object> {
  private final ShardLogic<PartitionRequest<?>, Object> logic;
  private final Faults faults;

  /** Watches what another factory makes. */
  record Factory(ShardLogicFactory<PartitionRequest<?>, Object> logics, Faults faults)
      implements ShardLogicFactory<PartitionRequest<?>, Object> {
    @Override
    public ShardLogic<PartitionRequest<?>, Object> create(ShardContext context) {
      return new WatchedLogic(logics.create(context), faults);
    }
  }

  private WatchedLogic(ShardLogic<PartitionRequest<?>, Object> logic, Faults faults) {
    this.logic = logic;
    this.faults = faults;
  }

  @Override
  public CompletionStage<Void> restore(Optional<Bytes> checkpointRoot) {
    checkpointRoot.ifPresent(_ -> faults.hit(Fault.RECOVERED_FROM_CHECKPOINT));
    return logic.restore(checkpointRoot);
  }

  @Override
  public CompletionStage<Void> replay(List<Bytes> records) {
    if (records.stream().anyMatch(WatchedLogic::hasExceptions)) {
      faults.hit(Fault.REPLAYED_EXCEPTIONS);
    }
    return logic.replay(records);
  }

  private static boolean hasExceptions(Bytes record) {
    try {
      return PartitionEventFormat.decode("record", record) instanceof Appended appended
          && appended.slices().stream()
              .anyMatch(
                  slice ->
                      slice instanceof Sequenced sequenced && !sequenced.exceptions().isEmpty());
    } catch (DamagedException damaged) {
      throw new IllegalStateException(damaged);
    }
  }

  @Override
  public void onServing() {
    logic.onServing();
  }

  @Override
  public void onRequest(PartitionRequest<?> request, Consumer<Object> reply) {
    logic.onRequest(
        request,
        answer -> {
          if (answer instanceof AppendAnswer.ResendFrom) {
            faults.hit(Fault.APPEND_GAP);
          }
          reply.accept(answer);
        });
  }

  @Override
  public CompletionStage<Bytes> checkpoint() {
    return logic.checkpoint();
  }

  @Override
  public void onStopped() {
    logic.onStopped();
  }
}
