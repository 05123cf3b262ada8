package io.tributary.actors.cluster;

import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.metadata.MetadataStore.Write;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * One compare-and-set of one key: read, decide, write; again when another writer came first, and
 * after an unknown outcome, until the outcome is known or the time is over. The answer waits until
 * the node's own image shows what was written. Confined to the loop.
 *
 * @param <R> the caller's outcome
 */
final class KeyChange<R> {
  private static final Duration RETRY_MIN = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofSeconds(1);

  /** Decides from what stands at the key now. Asked again whenever that may have changed. */
  interface Rule<R> {
    Step<R> decide(Optional<Entry> current);
  }

  sealed interface Step<R> {
    record Settled<R>(R result) implements Step<R> {}

    record Put<R>(List<Write> writes, R result) implements Step<R> {}
  }

  /** Where changes are made. */
  record Place(EventLoop loop, MetadataStore store, ClusterImages images) {}

  private final Place place;
  private final String key;
  private final Rule<R> rule;
  private final CompletableFuture<R> outcome = new CompletableFuture<>();
  private Duration retry = RETRY_MIN;
  private Optional<R> known = Optional.empty();

  private KeyChange(Place place, String key, Rule<R> rule) {
    this.place = place;
    this.key = key;
    this.rule = rule;
  }

  /** Runs {@code rule} until it has settled, or the limit is over: then the outcome is unknown. */
  static <R> CompletionStage<R> run(Place place, String key, Rule<R> rule, Limit<R> limit) {
    KeyChange<R> change = new KeyChange<>(place, key, rule);
    EventLoop loop = place.loop();
    loop.execute(
        () -> {
          EventLoop.Timer timer =
              loop.schedule(
                  limit.timeout(),
                  () -> change.settle(change.known.orElseGet(() -> limit.unknown(key))));
          change.outcome.whenComplete((_, _) -> timer.cancel());
          change.read();
        });
    return change.outcome;
  }

  record Limit<R>(Duration timeout, Function<Throwable, R> whenUnknown) {
    R unknown(String key) {
      return whenUnknown.apply(
          new TimeoutException("the outcome of a change of '" + key + "' is not known in time"));
    }
  }

  private void read() {
    if (outcome.isDone()) {
      return;
    }
    place
        .store()
        .get(key)
        .whenCompleteAsync(
            (read, failure) -> {
              if (failure != null) {
                outcome.completeExceptionally(failure);
                return;
              }
              switch (read) {
                case ReadOutcome.Read found -> decide(found.first(), found.revision());
                case ReadOutcome.Unknown _ -> readLater();
              }
            },
            place.loop());
  }

  private void readLater() {
    place.loop().schedule(retry, this::read);
    retry = retry.multipliedBy(2);
    if (retry.compareTo(RETRY_MAX) > 0) {
      retry = RETRY_MAX;
    }
  }

  private void decide(Optional<Entry> current, long revision) {
    if (outcome.isDone()) {
      return;
    }
    try {
      switch (rule.decide(current)) {
        case Step.Settled<R>(R result) -> settleWhenVisible(result, revision);
        case Step.Put<R>(List<Write> writes, R result) -> write(current, writes, result);
      }
    } catch (RuntimeException damaged) {
      outcome.completeExceptionally(damaged);
    }
  }

  private void write(Optional<Entry> current, List<Write> writes, R result) {
    Compare unchanged =
        current
            .<Compare>map(entry -> new Compare.VersionIs(key, entry.version()))
            .orElseGet(() -> new Compare.Absent(key));
    place
        .store()
        .transact(new Transaction(List.of(unchanged), writes, List.of(key)))
        .whenCompleteAsync(
            (written, failure) -> {
              if (failure != null) {
                outcome.completeExceptionally(failure);
                return;
              }
              switch (written) {
                case TransactionOutcome.Applied(long revision) ->
                    settleWhenVisible(result, revision);
                case TransactionOutcome.Refused(List<Entry> entries, long revision) ->
                    decide(entries.stream().findFirst(), revision);
                case TransactionOutcome.Unknown _ -> readLater();
              }
            },
            place.loop());
  }

  private void settleWhenVisible(R result, long revision) {
    known = Optional.of(result);
    place.images().reached(revision).whenCompleteAsync((_, _) -> settle(result), place.loop());
  }

  private void settle(R result) {
    outcome.complete(result);
  }
}
