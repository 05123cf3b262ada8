package io.tributary.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.persistence.metadata.MemoryMetadataStore;
import io.tributary.persistence.metadata.MetadataStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ProducerIdsTest {
  private final VirtualTime time = new VirtualTime(11);
  private final EventLoop storeLoop = time.loop("store");
  private final ForgetfulStore store = new ForgetfulStore(new MemoryMetadataStore(storeLoop));

  @Test
  void noIdIsGivenTwiceByTwoNodesOrByOneThatStartedAgain() {
    ProducerIds one = ids("one");
    ProducerIds other = ids("other");
    Set<Long> taken = new HashSet<>();
    for (int i = 0; i < 2_500; i++) {
      taken.add(take(one));
      taken.add(take(other));
    }
    ProducerIds again = ids("one again");
    taken.add(take(again));

    assertThat(taken).hasSize(5_001);
  }

  @Test
  void aBlockWhoseTakingIsUnknownIsNotUsed() {
    store.forgetAnswers(1);

    long id = take(ids("one"));

    assertThat(id).isEqualTo(ProducerIds.BLOCK_IDS);
  }

  @Test
  void withoutTheStoreAProducerIsToldToComeAgainAndServedOnceItIsBack() {
    ProducerIds ids = ids("one");
    store.forgetAnswers(Integer.MAX_VALUE);
    CompletableFuture<OptionalLong> id = ids.take().toCompletableFuture();
    time.advance(ProducerIds.WAIT_MAX);
    assertThat(id).isCompletedWithValue(OptionalLong.empty());

    store.forgetAnswers(0);

    assertThat(take(ids)).isPositive();
  }

  @Test
  void manyProducersAtOnceShareTheBlocks() {
    ProducerIds ids = ids("one");
    Set<Long> taken = new HashSet<>();
    for (int i = 0; i < 3_000; i++) {
      ids.take().thenAccept(id -> taken.add(id.orElseThrow()));
    }
    time.advance(Duration.ofSeconds(1));

    assertThat(taken).hasSize(3_000);
  }

  private ProducerIds ids(String node) {
    return new ProducerIds(time.loop(node), store, time.random());
  }

  private long take(ProducerIds ids) {
    CompletableFuture<OptionalLong> id = ids.take().toCompletableFuture();
    time.advanceUntil(id::isDone, Duration.ofSeconds(5));
    return id.join().orElseThrow();
  }

  /** Does what it is told, but does not always say so. */
  private static final class ForgetfulStore implements MetadataStore {
    private final MetadataStore store;
    private int forgotten;

    ForgetfulStore(MetadataStore store) {
      this.store = store;
    }

    void forgetAnswers(int count) {
      forgotten = count;
    }

    @Override
    public CompletionStage<TransactionOutcome> transact(Transaction transaction) {
      CompletionStage<TransactionOutcome> outcome = store.transact(transaction);
      if (forgotten == 0) {
        return outcome;
      }
      forgotten--;
      return outcome.thenApply(_ -> new TransactionOutcome.Unknown(new TimeoutException("lost")));
    }

    @Override
    public CompletionStage<ReadOutcome> get(String key) {
      return store.get(key);
    }

    @Override
    public CompletionStage<ReadOutcome> range(String prefix) {
      return store.range(prefix);
    }

    @Override
    public Watch watch(String prefix, Runnable listener) {
      return store.watch(prefix, listener);
    }

    @Override
    public boolean isExclusive() {
      return store.isExclusive();
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
