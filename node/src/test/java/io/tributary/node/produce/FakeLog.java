package io.tributary.node.produce;

import io.tributary.actors.intake.AppendOutcome;
import io.tributary.actors.intake.LogWriter;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.PartitionId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A log that notes what it is given, and answers when the test says so. */
final class FakeLog implements LogWriter {
  record Append(
      PartitionId partition, BatchFacts facts, CompletableFuture<AppendOutcome> outcome) {}

  final List<Append> appends = new CopyOnWriteArrayList<>();

  @Override
  public CompletionStage<AppendOutcome> append(
      PartitionId partition, ByteBuffer batch, BatchFacts facts) {
    CompletableFuture<AppendOutcome> outcome = new CompletableFuture<>();
    appends.add(new Append(partition, facts, outcome));
    return outcome;
  }

  void answer(int index, AppendOutcome outcome) {
    appends.get(index).outcome().complete(outcome);
  }
}
