package io.tributary.node.fetch;

import io.tributary.actors.view.BatchBuffers;
import io.tributary.actors.view.LogReader;
import io.tributary.actors.view.ReadOutcome;
import io.tributary.wire.RequestContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.requests.FetchRequest;
import org.jspecify.annotations.Nullable;

/**
 * One fetch, from its first read to its answer: reads, and when that is too little, waits for
 * commits until there is enough or the client's patience ends, and reads once more. Confined to the
 * connection's event loop, but for {@link #wake}.
 */
final class FetchRound {
  private final LogReader reader;
  private final FetchSettings settings;
  private final ScheduledExecutorService loop;
  private final RequestContext context;
  private final boolean readCommitted;
  private final int bytesMax;
  private final int bytesMin;
  private final int waitMs;
  private final CompletableFuture<LinkedHashMap<TopicIdPartition, PartitionData>> answers =
      new CompletableFuture<>();
  private final AtomicBoolean woken = new AtomicBoolean();

  private List<FetchedPartition> partitions = List.of();
  private boolean lastRead;
  private boolean reading;
  private LogReader.@Nullable Registration registration;
  private @Nullable ScheduledFuture<?> patienceEnds;

  FetchRound(
      LogReader reader, FetchSettings settings, RequestContext context, FetchRequest request) {
    this.reader = reader;
    this.settings = settings;
    this.context = context;
    this.loop = context.eventLoop();
    this.readCommitted = request.isolationLevel() == IsolationLevel.READ_COMMITTED;
    this.bytesMax = Math.min(request.maxBytes(), settings.bytesMax());
    this.bytesMin = Math.min(request.minBytes(), bytesMax);
    this.waitMs = request.maxWait();
  }

  /** Called once. The map is the caller's to change. */
  CompletionStage<LinkedHashMap<TopicIdPartition, PartitionData>> answers(
      List<FetchedPartition> toRead) {
    if (toRead.isEmpty()) {
      answers.complete(new LinkedHashMap<>());
      return answers;
    }
    partitions = toRead;
    lastRead = waitMs <= 0;
    read();
    return answers;
  }

  private void read() {
    reading = true;
    Reading now = new Reading();
    now.start();
    if (now.missing == 0) {
      now.end();
    } else {
      // The slowest object must not hold back what other partitions already have.
      now.overdue = loop.schedule(guarded(now::end), settings.coldWaitMs(), TimeUnit.MILLISECONDS);
    }
  }

  private void onRead(List<ReadOutcome> outcomes) {
    reading = false;
    if (answers.isDone()) {
      return;
    }
    LinkedHashMap<TopicIdPartition, PartitionData> found =
        LinkedHashMap.newLinkedHashMap(partitions.size());
    boolean refusal = false;
    int bytesLeft = bytesMax;
    boolean nothingYet = true;
    for (int i = 0; i < outcomes.size(); i++) {
      FetchedPartition partition = partitions.get(i);
      ReadOutcome outcome = outcomes.get(i);
      if (outcome instanceof ReadOutcome.Read(var batches, var highWatermark, var logStart)) {
        BatchBuffers fitting = batches.first(bytesLeft, nothingYet);
        bytesLeft = Math.max(0, bytesLeft - fitting.sizeBytes());
        nothingYet &= fitting.isEmpty();
        outcome = new ReadOutcome.Read(fitting, highWatermark, logStart);
      } else {
        refusal = true;
      }
      found.put(partition.kafkaId(), partition.answer(outcome, readCommitted));
    }
    if (lastRead || refusal || bytesMax - bytesLeft >= bytesMin || enough()) {
      answer(found);
    } else {
      await();
    }
  }

  private void answer(LinkedHashMap<TopicIdPartition, PartitionData> found) {
    stopWaiting();
    answers.complete(found);
  }

  private void await() {
    if (registration == null) {
      registration =
          reader.onChange(
              partitions.stream().map(FetchedPartition::partition).toList(), this::wake);
      patienceEnds = loop.schedule(guarded(this::onPatienceEnded), waitMs, TimeUnit.MILLISECONDS);
      context.onDisconnect(() -> answer(new LinkedHashMap<>()));
      // What was committed between the read and the registration woke nobody.
      onWake();
    }
  }

  /** Any thread: comes with each commit, so only the first until the next look counts. */
  private void wake() {
    if (woken.compareAndSet(false, true)) {
      loop.execute(guarded(this::onWake));
    }
  }

  private void onWake() {
    woken.set(false);
    if (!answers.isDone() && !reading && enough()) {
      read();
    }
  }

  private void onPatienceEnded() {
    lastRead = true;
    if (!answers.isDone() && !reading) {
      read();
    }
  }

  /** Whether the index, without the bytes, says that there is enough to answer. */
  private boolean enough() {
    int readable = 0;
    for (FetchedPartition partition : partitions) {
      int cap = Math.min(partition.bytesMax(), bytesMin - readable);
      readable += reader.readableBytes(partition.partition(), partition.offset(), cap);
      if (readable >= bytesMin) {
        return true;
      }
    }
    return false;
  }

  /** A mistake of ours must become the request's failure, not a client that waits for ever. */
  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException mistake) {
        stopWaiting();
        answers.completeExceptionally(mistake);
      }
    };
  }

  private void stopWaiting() {
    if (registration != null) {
      registration.close();
    }
    if (patienceEnds != null) {
      patienceEnds.cancel(false);
    }
  }

  /** One pass over the partitions; reads that memory cannot answer run at the same time. */
  private final class Reading {
    private final @Nullable ReadOutcome[] outcomes = new @Nullable ReadOutcome[partitions.size()];
    private int missing;
    private boolean ended;
    private @Nullable ScheduledFuture<?> overdue;

    void start() {
      int bytesLeft = bytesMax;
      boolean nothingYet = true;
      for (int i = 0; i < outcomes.length; i++) {
        FetchedPartition wanted = partitions.get(i);
        CompletableFuture<ReadOutcome> stage =
            reader
                .read(
                    wanted.partition(),
                    wanted.offset(),
                    Math.min(wanted.bytesMax(), bytesLeft),
                    nothingYet)
                .toCompletableFuture();
        if (stage.isDone()) {
          ReadOutcome outcome = stage.join();
          outcomes[i] = outcome;
          if (outcome instanceof ReadOutcome.Read(var batches, _, _) && !batches.isEmpty()) {
            bytesLeft = Math.max(0, bytesLeft - batches.sizeBytes());
            nothingYet = false;
          }
        } else {
          missing++;
          int index = i;
          var _ = stage.thenAccept(outcome -> loop.execute(guarded(() -> arrived(index, outcome))));
        }
      }
    }

    private void arrived(int index, ReadOutcome outcome) {
      outcomes[index] = outcome;
      missing--;
      if (missing == 0 && !ended) {
        end();
      }
    }

    void end() {
      if (ended) {
        return;
      }
      ended = true;
      if (overdue != null) {
        overdue.cancel(false);
      }
      List<ReadOutcome> all = new ArrayList<>(outcomes.length);
      for (int i = 0; i < outcomes.length; i++) {
        ReadOutcome outcome = outcomes[i];
        all.add(outcome != null ? outcome : withoutBytes(partitions.get(i)));
      }
      onRead(all);
    }

    /** Watermarks only, which need no object. */
    private ReadOutcome withoutBytes(FetchedPartition partition) {
      return reader
          .read(partition.partition(), partition.offset(), 0, false)
          .toCompletableFuture()
          .getNow(new ReadOutcome.Unavailable());
    }
  }
}
