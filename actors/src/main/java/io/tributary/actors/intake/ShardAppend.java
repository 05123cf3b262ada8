package io.tributary.actors.intake;

import io.tributary.actors.partition.BatchResult;
import io.tributary.actors.partition.PartitionRequest;
import io.tributary.persistence.model.ShardId;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One shard's part of an intake object, until the shard has decided. Confined to the loop. */
final class ShardAppend {
  final ShardId shard;
  final PartitionRequest.Append request;
  private final List<List<CompletableFuture<AppendOutcome>>> outcomes;
  private final CompletableFuture<Void> decided = new CompletableFuture<>();
  private boolean uploaded;
  private long place;

  /**
   * @param outcomes one list a slice of the request, in it one future a batch
   */
  ShardAppend(
      ShardId shard,
      PartitionRequest.Append request,
      List<List<CompletableFuture<AppendOutcome>>> outcomes) {
    this.shard = shard;
    this.request = request;
    this.outcomes = outcomes;
  }

  long flush() {
    return request.flush().flush();
  }

  /** Its number among the shard's appends of this incarnation. */
  long place() {
    return place;
  }

  void takePlace(long number) {
    place = number;
  }

  boolean isUploaded() {
    return uploaded;
  }

  boolean isDecided() {
    return decided.isDone();
  }

  void onUploaded() {
    uploaded = true;
  }

  void onDecided(List<List<BatchResult>> results) {
    for (int slice = 0; slice < outcomes.size(); slice++) {
      List<CompletableFuture<AppendOutcome>> batches = outcomes.get(slice);
      for (int batch = 0; batch < batches.size(); batch++) {
        batches.get(batch).complete(outcomeOf(results.get(slice).get(batch)));
      }
    }
    decided.complete(null);
  }

  /** The shard will never say what became of it. */
  void onForgotten() {
    decided.complete(null);
    answerUndecided();
  }

  /** The callers have waited long enough; the work goes on. */
  void answerUndecided() {
    AppendOutcome undecided = new AppendOutcome.Undecided(decided);
    for (List<CompletableFuture<AppendOutcome>> batches : outcomes) {
      for (CompletableFuture<AppendOutcome> batch : batches) {
        batch.complete(undecided);
      }
    }
  }

  private static AppendOutcome outcomeOf(BatchResult result) {
    return switch (result) {
      case BatchResult.Appended(long baseOffset, long logStartOffset) ->
          new AppendOutcome.Appended(baseOffset, logStartOffset);
      case BatchResult.Refused(var reason) -> new AppendOutcome.Refused(reason);
    };
  }
}
