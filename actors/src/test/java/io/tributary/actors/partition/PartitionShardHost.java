package io.tributary.actors.partition;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.loop.ManualEventLoop;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.actors.partition.PartitionRequest.Append;
import io.tributary.actors.partition.model.ProducerLimits;
import io.tributary.actors.shard.Journal;
import io.tributary.actors.shard.ShardContext;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.cache.FooterCache;
import io.tributary.persistence.cache.PageReader;
import io.tributary.persistence.format.IntakeObjectFormat;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import io.tributary.persistence.objects.MemoryObjectStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One partition shard and what is durable of it, in a test's hands: the test commits, refuses,
 * crashes and restarts it.
 */
final class PartitionShardHost implements ShardContext, Journal {
  static final ShardId SHARD = new ShardId(ShardKind.PARTITIONS, 0);

  /** One shard: it owns all partitions. */
  private static final ShardCounts COUNTS = new ShardCounts(1, 1, 1);

  private final VirtualTime time;
  private final ManualEventLoop storeLoop;
  private final MemoryObjectStore objects;
  private final List<Bytes> durable = new ArrayList<>();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final ProducerLimits limits;
  private final List<ManualEventLoop> children = new ArrayList<>();
  private Optional<Bytes> checkpoint = Optional.empty();
  private ManualEventLoop loop;
  private PartitionShard shard;
  private boolean commitsAtOnce = true;
  private boolean hasRightToServe = true;
  private long ownerEpoch;

  PartitionShardHost() {
    this(1, ProducerLimits.DEFAULT);
  }

  PartitionShardHost(long seed, ProducerLimits limits) {
    this.time = new VirtualTime(seed);
    this.storeLoop = time.loop("store");
    this.objects = new MemoryObjectStore(storeLoop);
    this.limits = limits;
    this.loop = time.loop("shard");
    this.shard = start();
  }

  private record Pending(Bytes record, Runnable committed) {}

  // What a test does to the shard.

  <A> CompletableFuture<A> ask(PartitionRequest<A> request) {
    CompletableFuture<A> answer = send(request);
    time.runUntilIdle();
    return answer;
  }

  /** Without letting anything run. */
  <A> CompletableFuture<A> send(PartitionRequest<A> request) {
    CompletableFuture<Object> answer = new CompletableFuture<>();
    loop.execute(() -> shard.onRequest(request, answer::complete));
    @SuppressWarnings("unchecked")
    CompletableFuture<A> typed = (CompletableFuture<A>) answer;
    return typed;
  }

  /** The request for an intake object that is uploaded by this call. */
  Append upload(FlushId flush, long previousFlush, Map<PartitionId, List<BatchFacts>> batches) {
    List<PartitionSlice> slices = new ArrayList<>();
    int position = IntakeObjectFormat.HEADER_BYTES;
    for (var slice : batches.entrySet()) {
      slices.add(new PartitionSlice(slice.getKey(), position, slice.getValue()));
      position += slices.getLast().lengthBytes();
    }
    Bytes body = Bytes.wrap(new byte[position - IntakeObjectFormat.HEADER_BYTES]);
    objects.putIfAbsent(
        ObjectNames.intake(flush), IntakeObjectFormat.assemble(flush, slices, List.of(body)));
    return new Append(flush, previousFlush, slices);
  }

  void runUntilIdle() {
    time.runUntilIdle();
  }

  void advance(Duration duration) {
    time.advance(duration);
  }

  void holdCommits() {
    commitsAtOnce = false;
  }

  /** The first {@code count} records on their way become durable, and the shard learns of it. */
  void commit(int count) {
    for (int i = 0; i < count && !pending.isEmpty(); i++) {
      Pending next = pending.remove();
      durable.add(next.record);
      loop.execute(next.committed);
    }
    time.runUntilIdle();
  }

  void commitAll() {
    while (!pending.isEmpty()) {
      commit(pending.size());
    }
  }

  /** Everything on its way becomes durable, but the process ends before it learns. */
  void crashAfterCommit() {
    pending.forEach(next -> durable.add(next.record));
    restart();
  }

  /** What was not committed is lost with the process. */
  void restart() {
    pending.clear();
    loop.crash();
    children.forEach(ManualEventLoop::crash);
    loop = time.loop("shard");
    commitsAtOnce = true;
    hasRightToServe = true;
    shard = start();
    time.runUntilIdle();
  }

  /** A commit is refused: another owns the shard. */
  void fence() {
    pending.clear();
    loop.execute(shard::onStopped);
    time.runUntilIdle();
  }

  void loseRightToServe() {
    hasRightToServe = false;
  }

  void regainRightToServe() {
    hasRightToServe = true;
  }

  /** Asks for a checkpoint; {@link PendingCheckpoint#publish} makes it the one to restore. */
  PendingCheckpoint beginCheckpoint() {
    int covered = durable.size() + pending.size();
    CompletableFuture<Bytes> root = new CompletableFuture<>();
    loop.execute(
        () ->
            shard
                .checkpoint()
                .whenComplete(
                    (bytes, failure) -> {
                      if (failure == null) {
                        root.complete(bytes);
                      } else {
                        root.completeExceptionally(failure);
                      }
                    }));
    return new PendingCheckpoint(covered, root);
  }

  /** Publishes a checkpoint of all that is durable. */
  Bytes publishCheckpoint() {
    PendingCheckpoint begun = beginCheckpoint();
    time.runUntilIdle();
    begun.publish();
    return checkpoint.orElseThrow();
  }

  int durableRecords() {
    return durable.size();
  }

  int pendingRecords() {
    return pending.size();
  }

  MemoryObjectStore objects() {
    return objects;
  }

  /** A reader without a memory of what it or another one read or wrote. */
  PageReader freshPages() {
    return new PageReader(objects, 1024 * 1024);
  }

  <T> T await(CompletableFuture<T> stage) {
    time.runUntilIdle();
    if (!stage.isDone()) {
      throw new AssertionError("not done, and nothing is left to run");
    }
    return stage.join();
  }

  /** A checkpoint on its way. */
  final class PendingCheckpoint {
    private final int covered;
    private final CompletableFuture<Bytes> root;

    private PendingCheckpoint(int covered, CompletableFuture<Bytes> root) {
      this.covered = covered;
      this.root = root;
    }

    boolean canBePublished() {
      return root.isDone() && durable.size() >= covered;
    }

    /** As the runtime does: the records it was asked to cover go. */
    void publish() {
      checkpoint = Optional.of(await(root));
      durable.subList(0, covered).clear();
    }
  }

  private PartitionShard start() {
    ownerEpoch++;
    PartitionEnvironment environment =
        new PartitionEnvironment(
            objects, new FooterCache(objects, COUNTS, 1024 * 1024), freshPages(), limits);
    PartitionShard starting = new PartitionShard(this, environment);
    CompletableFuture<Void> recovered = new CompletableFuture<>();
    loop.execute(
        () ->
            starting
                .restore(checkpoint)
                .thenCompose(_ -> starting.replay(List.copyOf(durable)))
                .whenComplete(
                    (_, failure) -> {
                      if (failure == null) {
                        starting.onServing();
                        recovered.complete(null);
                      } else {
                        recovered.completeExceptionally(failure);
                      }
                    }));
    await(recovered);
    return starting;
  }

  // What the shard sees.

  @Override
  public ShardId shard() {
    return SHARD;
  }

  @Override
  public long ownerEpoch() {
    return ownerEpoch;
  }

  @Override
  public long incarnation() {
    return ownerEpoch;
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public Journal journal() {
    return this;
  }

  @Override
  public ChildLoop startChild(String name) {
    ManualEventLoop child = time.loop(name);
    children.add(child);
    return new Child(child);
  }

  @Override
  public void append(Bytes record, Runnable committed) {
    pending.add(new Pending(record, committed));
    if (commitsAtOnce) {
      loop.execute(() -> commitOne(committed));
    }
  }

  private void commitOne(Runnable committed) {
    if (!pending.isEmpty() && pending.peek().committed == committed) {
      durable.add(pending.remove().record);
      committed.run();
    }
  }

  @Override
  public boolean hasRightToServe() {
    return hasRightToServe;
  }

  private record Child(ManualEventLoop loop) implements ChildLoop {
    @Override
    public void execute(Runnable task) {
      loop.execute(task);
    }

    @Override
    public long nanoTime() {
      return loop.nanoTime();
    }

    @Override
    public long wallMs() {
      return loop.wallMs();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return loop.schedule(delay, task);
    }

    @Override
    public void stop() {
      loop.crash();
    }
  }
}
