package io.tributary.actors.partition;

import io.tributary.actors.partition.PartitionRequest.Append;
import io.tributary.persistence.model.BatchException;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.PartitionEvent.Appended;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.Refusal;
import io.tributary.persistence.model.SliceDecision;
import io.tributary.persistence.model.SliceDecision.Sequenced;
import io.tributary.persistence.model.SliceDecision.UnknownPartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** An append from being taken in until it is committed. */
final class AppendInFlight {
  final Append request;
  final long takenAtMs;

  /** All who asked, for each question gets its answer; the runtime bounds open questions. */
  final List<Consumer<AppendAnswer>> replies = new ArrayList<>(1);

  private final @Nullable SliceDecision[] decisions;

  /** Of the slices that appended something, once decided. */
  private final List<Indexed> indexed;

  private int missing;

  AppendInFlight(Append request, long takenAtMs, Consumer<AppendAnswer> reply) {
    this.request = request;
    this.takenAtMs = takenAtMs;
    this.replies.add(reply);
    this.decisions = new SliceDecision[request.slices().size()];
    this.missing = decisions.length;
    this.indexed = new ArrayList<>(decisions.length);
  }

  /** An entry and the partition it belongs to. */
  record Indexed(OwnedPartition partition, IndexEntry entry) {}

  void decided(int slice, SliceDecision decision) {
    decisions[slice] = decision;
    missing--;
  }

  boolean isDecided() {
    return missing == 0;
  }

  Appended event() {
    List<SliceDecision> decided = new ArrayList<>(decisions.length);
    Arrays.stream(decisions).forEach(decided::add);
    return new Appended(request.flush(), takenAtMs, decided);
  }

  List<Indexed> indexed() {
    return indexed;
  }

  /**
   * What the decisions mean for the batches of the request.
   *
   * @param logStart the log start of a slice's partition
   */
  static AppendAnswer.Decided answer(
      List<PartitionSlice> slices, Appended event, ToLongFunction<PartitionSlice> logStart) {
    List<List<BatchResult>> results = new ArrayList<>(slices.size());
    for (int i = 0; i < slices.size(); i++) {
      PartitionSlice slice = slices.get(i);
      results.add(
          switch (event.slices().get(i)) {
            case Sequenced sequenced -> results(slice, sequenced, logStart.applyAsLong(slice));
            case UnknownPartition() ->
                slice.batches().stream()
                    .<BatchResult>map(_ -> new BatchResult.Refused(Refusal.UNKNOWN_PARTITION))
                    .toList();
          });
    }
    return new AppendAnswer.Decided(results);
  }

  private static List<BatchResult> results(
      PartitionSlice slice, Sequenced decision, long logStartOffset) {
    List<BatchResult> results = new ArrayList<>(slice.batches().size());
    long offset = decision.baseOffset();
    int next = 0;
    for (BatchFacts batch : slice.batches()) {
      if (next < decision.exceptions().size()
          && decision.exceptions().get(next).batch() == results.size()) {
        results.add(
            switch (decision.exceptions().get(next)) {
              case BatchException.Duplicate(_, long original) ->
                  new BatchResult.Appended(original, logStartOffset);
              case BatchException.Refused(_, Refusal reason) -> new BatchResult.Refused(reason);
            });
        next++;
      } else {
        results.add(new BatchResult.Appended(offset, logStartOffset));
        offset += batch.records();
      }
    }
    return results;
  }
}
