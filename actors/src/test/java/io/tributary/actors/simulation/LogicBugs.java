package io.tributary.actors.simulation;

import io.tributary.actors.partition.AppendAnswer;
import io.tributary.actors.partition.FeedMessage;
import io.tributary.actors.partition.FeedSink;
import io.tributary.actors.partition.PartitionRequest;
import io.tributary.actors.partition.PartitionRequest.Append;
import io.tributary.actors.partition.PartitionRequest.Subscribe;
import io.tributary.actors.partition.PartitionUpdate;
import io.tributary.actors.shard.ShardContext;
import io.tributary.actors.shard.ShardLogic;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.DamagedException;
import io.tributary.persistence.format.PartitionEventFormat;
import io.tributary.persistence.format.PartitionShardCheckpointFormat;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.PartitionCheckpoint;
import io.tributary.persistence.model.PartitionEvent;
import io.tributary.persistence.model.PartitionEvent.Appended;
import io.tributary.persistence.model.PartitionEvent.LogStartMoved;
import io.tributary.persistence.model.PartitionShardCheckpoint;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.SliceDecision;
import io.tributary.persistence.model.SliceDecision.Sequenced;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Bugs in the rules of a shard: what it is told, says, journals and restores is changed. */
final class LogicBugs {
  private LogicBugs() {}

  static Sabotage answersBeforeTheCommit() {
    return AlteredLogic.journaling(
        (context, record, committed, append) -> {
          append.accept(() -> {});
          context.loop().execute(committed);
        });
  }

  static Sabotage logStartIsNotJournaled() {
    return AlteredLogic.journaling(
        (context, record, committed, append) -> {
          if (event(record) instanceof LogStartMoved) {
            context.loop().execute(committed);
          } else {
            append.accept(committed);
          }
        });
  }

  static Sabotage replayIgnoresExceptions() {
    return AlteredLogic.replaying(
        records -> records.stream().map(LogicBugs::withoutExceptions).toList());
  }

  static Sabotage replayLosesTheLastRecord() {
    return AlteredLogic.replaying(
        records -> records.isEmpty() ? records : records.subList(0, records.size() - 1));
  }

  static Sabotage cursorsAreNotRestored() {
    return AlteredLogic.restoring(
        root -> new PartitionShardCheckpoint(List.of(), root.deletedTopics(), root.partitions()));
  }

  static Sabotage producersAreNotRestored() {
    return AlteredLogic.restoring(
        root ->
            new PartitionShardCheckpoint(
                root.cursors(),
                root.deletedTopics(),
                root.partitions().stream().map(LogicBugs::withoutProducers).toList()));
  }

  /** The root of the checkpoint before, under the number of the new one. */
  static Sabotage checkpointIsOfAnEarlierState() {
    return AlteredLogic.around(
        (context, logic) ->
            new AlteredLogic(logic) {
              private Optional<Bytes> before = Optional.empty();

              @Override
              public CompletionStage<Bytes> checkpoint() {
                return super.checkpoint()
                    .thenApply(
                        root -> {
                          Bytes given = before.orElse(root);
                          before = Optional.of(root);
                          return given;
                        });
              }
            });
  }

  static Sabotage producersAreNotChecked() {
    return AlteredLogic.requesting(
        request ->
            request instanceof Append append
                ? new Append(
                    append.flush(),
                    append.previousFlush(),
                    append.slices().stream().map(LogicBugs::withoutProducers).toList())
                : request);
  }

  static Sabotage previousFlushIsNotCompared() {
    return AlteredLogic.around(
        (context, logic) ->
            new AlteredLogic(logic) {
              @Override
              public void onRequest(PartitionRequest<?> request, Consumer<Object> reply) {
                super.onRequest(
                    request,
                    answer -> {
                      if (request instanceof Append append
                          && answer instanceof AppendAnswer.ResendFrom(long flush)) {
                        super.onRequest(
                            new Append(append.flush(), flush - 1, append.slices()), reply);
                      } else {
                        reply.accept(answer);
                      }
                    });
              }
            });
  }

  static Sabotage repeatIsAppendedTwice() {
    return AlteredLogic.aware(RepeatingLogic::new);
  }

  static Sabotage viewsSeeBeyondTheHighWatermark() {
    return feeding(
        update ->
            update
                    instanceof
                    PartitionUpdate.Committed(var id, long start, long highWatermark, var entries)
                ? new PartitionUpdate.Committed(id, start, highWatermark + 1, entries)
                : update);
  }

  static Sabotage viewsIgnoreExceptions() {
    return feeding(
        update ->
            switch (update) {
              case PartitionUpdate.Committed(var id, long start, long end, var entries) ->
                  new PartitionUpdate.Committed(id, start, end, withoutSkipped(entries));
              case PartitionUpdate.Snapshot(var id, long start, long end, var paged, var entries) ->
                  new PartitionUpdate.Snapshot(id, start, end, paged, withoutSkipped(entries));
              case PartitionUpdate.Paged _, PartitionUpdate.Deleted _ -> update;
            });
  }

  private static Sabotage feeding(UnaryOperator<PartitionUpdate> change) {
    return AlteredLogic.requesting(
        request -> {
          if (request instanceof Subscribe(var subscriber, var partitions, FeedSink sink)) {
            return new Subscribe(
                subscriber,
                partitions,
                message ->
                    sink.tell(
                        new FeedMessage(
                            message.shard(),
                            message.ownerEpoch(),
                            message.number(),
                            message.updates().stream().map(change).toList())));
          }
          return request;
        });
  }

  private static List<IndexEntry> withoutSkipped(List<IndexEntry> entries) {
    return entries.stream()
        .map(
            entry ->
                new IndexEntry(
                    entry.object(),
                    entry.position(),
                    entry.lengthBytes(),
                    entry.baseOffset(),
                    entry.nextOffset(),
                    entry.maxTimestampMs(),
                    List.of()))
        .toList();
  }

  private static PartitionCheckpoint withoutProducers(PartitionCheckpoint partition) {
    return new PartitionCheckpoint(
        partition.partition(),
        partition.logStartOffset(),
        partition.nextOffset(),
        List.of(),
        partition.index());
  }

  private static PartitionSlice withoutProducers(PartitionSlice slice) {
    return new PartitionSlice(
        slice.partition(),
        slice.position(),
        slice.batches().stream()
            .map(
                batch ->
                    new BatchFacts(
                        batch.sizeBytes(),
                        batch.records(),
                        batch.attributes(),
                        batch.maxTimestampMs(),
                        BatchFacts.NO_PRODUCER,
                        (short) -1,
                        -1))
            .toList());
  }

  private static Bytes withoutExceptions(Bytes record) {
    if (event(record) instanceof Appended(var flush, long decidedAtMs, var slices)) {
      List<SliceDecision> sound =
          slices.stream()
              .map(
                  slice ->
                      slice instanceof Sequenced(long baseOffset, _)
                          ? new Sequenced(baseOffset, List.of())
                          : slice)
              .toList();
      return PartitionEventFormat.encode(new Appended(flush, decidedAtMs, sound));
    }
    return record;
  }

  static PartitionEvent event(Bytes record) {
    try {
      return PartitionEventFormat.decode("record", record);
    } catch (DamagedException damaged) {
      throw new IllegalStateException(damaged);
    }
  }

  static PartitionShardCheckpoint root(ShardContext context, Bytes root) {
    try {
      return PartitionShardCheckpointFormat.decode("root", context.shard().index(), root);
    } catch (DamagedException damaged) {
      throw new IllegalStateException(damaged);
    }
  }

  /** A sound logic that is asked for. */
  @FunctionalInterface
  interface Maker {
    ShardLogic<PartitionRequest<?>, Object> make(
        ShardContext context,
        ShardLogic<PartitionRequest<?>, Object> logic,
        Sabotage.Surroundings surroundings);
  }
}
