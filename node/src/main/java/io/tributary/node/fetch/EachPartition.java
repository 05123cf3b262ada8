package io.tributary.node.fetch;

import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;

/** Asks for each partition of a request side by side, once its topic is known. */
record EachPartition(TopicLookup topics) {
  /**
   * How one partition is asked for.
   *
   * @param <P> the partition in the request
   * @param <A> the partition in the answer
   */
  interface Question<P, A> {
    int index(P partition);

    CompletionStage<A> ask(TopicImage topic, P partition);

    A refuse(P partition, Errors error);
  }

  /** One answer a partition, in their order. */
  <P, A> CompletionStage<List<A>> of(
      String topicName, List<P> partitions, Question<P, A> question) {
    return topics
        .lookup(topicName)
        .thenCompose(
            outcome ->
                all(partitions.stream().map(one -> answer(outcome, one, question)).toList()));
  }

  private static <P, A> CompletionStage<A> answer(
      LookupOutcome outcome, P partition, Question<P, A> question) {
    return switch (outcome) {
      case LookupOutcome.Found(TopicImage topic) when topic.has(question.index(partition)) ->
          question.ask(topic, partition);
      case LookupOutcome.Found _, LookupOutcome.Absent _ ->
          CompletableFuture.completedFuture(
              question.refuse(partition, Errors.UNKNOWN_TOPIC_OR_PARTITION));
      case LookupOutcome.Unknown _ ->
          CompletableFuture.completedFuture(
              question.refuse(partition, Errors.LEADER_NOT_AVAILABLE));
    };
  }

  static <T> CompletionStage<List<T>> all(List<? extends CompletionStage<T>> stages) {
    CompletionStage<List<T>> all =
        CompletableFuture.completedFuture(new ArrayList<>(stages.size()));
    for (CompletionStage<T> stage : stages) {
      all =
          all.thenCombine(
              stage,
              (done, next) -> {
                done.add(next);
                return done;
              });
    }
    return all;
  }
}
