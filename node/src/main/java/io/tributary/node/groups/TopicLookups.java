package io.tributary.node.groups;

import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;

/** Looks up all topics of a request side by side. */
record TopicLookups(TopicLookup topics) {
  /**
   * @param topic how to find the topic of an element
   * @return each element with what it names, in their order
   */
  <T> CompletionStage<List<Resolved<T>>> all(
      List<T> elements, Function<T, CompletionStage<LookupOutcome>> topic) {
    CompletionStage<List<Resolved<T>>> all =
        CompletableFuture.completedFuture(new ArrayList<>(elements.size()));
    for (T element : elements) {
      all =
          all.thenCombine(
              topic.apply(element),
              (resolved, outcome) -> {
                resolved.add(new Resolved<>(element, outcome));
                return resolved;
              });
    }
    return all;
  }

  CompletionStage<LookupOutcome> byName(String name) {
    return topics.lookup(name);
  }

  CompletionStage<LookupOutcome> byId(Uuid id) {
    return topics.lookup(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()));
  }

  static Uuid uuid(UUID id) {
    return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  static boolean isAnyUnknown(List<? extends Resolved<?>> resolved) {
    return resolved.stream().anyMatch(one -> one.outcome() instanceof LookupOutcome.Unknown);
  }

  /** A part of a request, and the topic it names. */
  record Resolved<T>(T element, LookupOutcome outcome) {}
}
