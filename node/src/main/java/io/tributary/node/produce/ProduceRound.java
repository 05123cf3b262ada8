package io.tributary.node.produce;

import io.tributary.actors.intake.AppendOutcome;
import io.tributary.actors.intake.LogWriter;
import io.tributary.wire.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.jspecify.annotations.Nullable;

/**
 * One produce request on its way: its partitions are checked, then appended together in the
 * connection's turn, then answered together. Confined to the connection's event loop, but for
 * outcomes, which may come from anywhere.
 */
final class ProduceRound {
  private final RequestContext context;
  private final boolean acknowledged;
  private final long dueNanos;
  private final List<ProducedPartition> partitions = new ArrayList<>();
  private final CompletableFuture<ProduceResponse> answer = new CompletableFuture<>();
  private int unchecked;
  private boolean frameKept;

  /**
   * @param dueNanos when the producer stops waiting, by {@link System#nanoTime()}
   */
  ProduceRound(RequestContext context, ProduceRequest request, long dueNanos) {
    this.context = context;
    this.acknowledged = request.acks() != 0;
    this.dueNanos = dueNanos;
    for (TopicProduceData topic : request.data().topicData()) {
      for (PartitionProduceData partition : topic.partitionData()) {
        partitions.add(
            new ProducedPartition(
                topic.name(), topic.topicId(), partition.index(), partition.records()));
      }
    }
  }

  List<ProducedPartition> partitions() {
    return partitions;
  }

  CompletionStage<ProduceResponse> answer() {
    return answer;
  }

  boolean isAnswered() {
    return answer.isDone();
  }

  long dueNanos() {
    return dueNanos;
  }

  Executor eventLoop() {
    return context.eventLoop();
  }

  short version() {
    return context.header().apiVersion();
  }

  /** A check goes on after the handler has returned. */
  void onCheckStarted() {
    unchecked++;
    if (!frameKept) {
      frameKept = true;
      context.keepFrame();
    }
  }

  void onCheckEnded() {
    unchecked--;
  }

  boolean isChecked() {
    return unchecked == 0;
  }

  void rejectAll(Errors error) {
    partitions.forEach(partition -> partition.reject(error, null));
  }

  /** Every batch that was accepted enters the log; what was not is answered with its error. */
  void append(LogWriter log) {
    AtomicInteger unanswered = new AtomicInteger(1);
    AtomicInteger undecided = new AtomicInteger(1);
    CompletableFuture<Void> decided = new CompletableFuture<>();
    for (ProducedPartition partition : partitions) {
      partition
          .append(log)
          .ifPresent(
              appended -> {
                unanswered.incrementAndGet();
                undecided.incrementAndGet();
                appended.whenComplete(
                    (outcome, _) -> {
                      countDown(unanswered, this::complete);
                      onDecided(outcome, () -> countDown(undecided, () -> decided.complete(null)));
                    });
              });
    }
    if (frameKept) {
      context.releaseFrame();
    }
    countDown(undecided, () -> decided.complete(null));
    if (!decided.isDone()) {
      context.keepMemoryUntil(decided);
    }
    countDown(unanswered, this::complete);
    if (!acknowledged) {
      // Nobody waits for offsets; a batch that was refused is the one thing to tell.
      answer.complete(response(Errors.NONE));
    }
  }

  void onTimedOut() {
    answer.complete(response(Errors.REQUEST_TIMED_OUT));
  }

  private void complete() {
    answer.complete(response(Errors.REQUEST_TIMED_OUT));
  }

  private static void onDecided(AppendOutcome outcome, Runnable then) {
    switch (outcome) {
      case AppendOutcome.Undecided(var decided) -> decided.whenComplete((_, _) -> then.run());
      case AppendOutcome.Appended _, AppendOutcome.Refused _ -> then.run();
    }
  }

  private static void countDown(AtomicInteger counter, Runnable atZero) {
    if (counter.decrementAndGet() == 0) {
      atZero.run();
    }
  }

  private ProduceResponse response(Errors ifNone) {
    ProduceResponseData data = new ProduceResponseData();
    @Nullable TopicProduceResponse topic = null;
    for (ProducedPartition partition : partitions) {
      if (topic == null
          || !topic.name().equals(partition.topic())
          || !topic.topicId().equals(partition.topicId())) {
        topic =
            new TopicProduceResponse().setName(partition.topic()).setTopicId(partition.topicId());
        data.responses().add(topic);
      }
      topic.partitionResponses().add(partition.answer(ifNone));
    }
    return new ProduceResponse(data);
  }
}
