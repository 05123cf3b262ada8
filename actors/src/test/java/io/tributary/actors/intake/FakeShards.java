package io.tributary.actors.intake;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.partition.AppendAnswer;
import io.tributary.actors.partition.BatchResult;
import io.tributary.actors.partition.PartitionRequest;
import io.tributary.actors.shard.ShardRequest;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.actors.shard.ShardUnavailable;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.ShardId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * All shards of a cluster as their senders see them: each keeps a cursor and its last results, as
 * real ones do, and gives dense offsets. What it decided is kept for the test to look at.
 */
final class FakeShards implements ShardRouter {
  enum Fate {
    ANSWERED,
    /** Decided, but nobody is told. */
    ANSWER_LOST,
    /** Never arrives. */
    REQUEST_LOST,
    /** Nobody serves the shard just now. */
    UNAVAILABLE
  }

  private static final int RESULTS_KEPT = 64;
  private static final long LOG_START = 7;

  private final EventLoop loop;
  private final Map<ShardId, Shard> shards = new HashMap<>();
  private final Map<PartitionId, List<BatchFacts>> logs = new HashMap<>();
  private Supplier<Duration> travelTime = () -> Duration.ofMillis(1);
  private Supplier<Fate> fates = () -> Fate.ANSWERED;
  private int asks;

  FakeShards(EventLoop loop) {
    this.loop = loop;
  }

  void requestsTravel(Supplier<Duration> time) {
    travelTime = time;
  }

  void requestsEnd(Supplier<Fate> fate) {
    fates = fate;
  }

  int asks() {
    return asks;
  }

  /** The batches of a partition in the order of their offsets. */
  List<BatchFacts> log(PartitionId partition) {
    return logs.getOrDefault(partition, List.of());
  }

  // Every request of these tests is an Append, whose answer is an AppendAnswer.
  @SuppressWarnings("unchecked")
  @Override
  public <A> CompletionStage<A> ask(ShardId shard, ShardRequest<A> request, Duration timeout) {
    asks++;
    PartitionRequest.Append append = (PartitionRequest.Append) request;
    CompletableFuture<AppendAnswer> answer = new CompletableFuture<>();
    loop.schedule(
        timeout, () -> answer.completeExceptionally(new ShardUnavailable(shard, "time-out")));
    switch (fates.get()) {
      case ANSWERED ->
          loop.schedule(travelTime.get(), () -> answer.complete(decide(shard, append)));
      case ANSWER_LOST -> loop.schedule(travelTime.get(), () -> decide(shard, append));
      case REQUEST_LOST -> {}
      case UNAVAILABLE ->
          loop.schedule(
              travelTime.get(),
              () -> answer.completeExceptionally(new ShardUnavailable(shard, "nowhere")));
    }
    return (CompletionStage<A>) answer;
  }

  private AppendAnswer decide(ShardId id, PartitionRequest.Append append) {
    Shard shard = shards.computeIfAbsent(id, _ -> new Shard());
    long flush = append.flush().flush();
    if (flush <= shard.cursor) {
      AppendAnswer known = shard.results.get(flush);
      return known == null ? new AppendAnswer.BelowFloor() : known;
    }
    if (append.previousFlush() != shard.cursor) {
      return new AppendAnswer.ResendFrom(shard.cursor + 1);
    }
    List<List<BatchResult>> results = new ArrayList<>();
    for (PartitionSlice slice : append.slices()) {
      results.add(slice.batches().stream().map(facts -> decide(slice, facts)).toList());
    }
    AppendAnswer decided = new AppendAnswer.Decided(results);
    shard.cursor = flush;
    shard.results.put(flush, decided);
    if (shard.results.size() > RESULTS_KEPT) {
      shard.results.pollFirstEntry();
    }
    return decided;
  }

  private BatchResult decide(PartitionSlice slice, BatchFacts facts) {
    List<BatchFacts> log = logs.computeIfAbsent(slice.partition(), _ -> new ArrayList<>());
    long offset = log.stream().mapToLong(BatchFacts::records).sum();
    log.add(facts);
    return new BatchResult.Appended(offset, LOG_START);
  }

  private static final class Shard {
    private final TreeMap<Long, AppendAnswer> results = new TreeMap<>();
    private long cursor;
  }
}
