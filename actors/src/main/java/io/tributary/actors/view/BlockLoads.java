package io.tributary.actors.view;

import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.cache.BlockCache;
import io.tributary.persistence.cache.BlockOutcome;
import io.tributary.persistence.model.FlushId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Brings objects that are not in memory into the block cache: a bounded number of GETs at once, one
 * an object whoever asks, those that readers wait for before those that they may want next.
 * Confined to a loop; the two public ways in may be called from any thread.
 */
final class BlockLoads {
  /** With objects of 8 MiB, 128 MiB on their way. */
  private static final int GETS_MAX = 16;

  /** Objects that readers wait for; more are told at once to try again. */
  private static final int WANTED_MAX = 4_096;

  private static final int READAHEAD_MAX = 64;
  private static final int ATTEMPTS_MAX = 3;
  private static final Duration RETRY_AFTER = Duration.ofMillis(50);

  private final BlockCache cache;
  private final EventLoop loop;
  private final Map<FlushId, Load> loads = new HashMap<>();
  private final Queue<Load> wanted = new ArrayDeque<>();
  private final Queue<Load> readahead = new ArrayDeque<>();
  private int gets;

  BlockLoads(BlockCache cache, EventLoop loop) {
    this.cache = cache;
    this.loop = loop;
  }

  /** Never fails. Completes on the loop. */
  CompletionStage<BlockOutcome> load(FlushId object) {
    CompletableFuture<BlockOutcome> outcome = new CompletableFuture<>();
    loop.execute(() -> onWanted(object, outcome));
    return outcome;
  }

  /** Loads what it can afford of {@code objects}. */
  void readAhead(List<FlushId> objects) {
    loop.execute(() -> objects.forEach(this::onReadAhead));
  }

  private void onWanted(FlushId object, CompletableFuture<BlockOutcome> outcome) {
    Load known = loads.get(object);
    if (known == null && wanted.size() >= WANTED_MAX) {
      outcome.complete(
          new BlockOutcome.Unknown(
              new IllegalStateException(WANTED_MAX + " objects are waited for already")));
      return;
    }
    Load load = known != null ? known : new Load(object);
    loads.putIfAbsent(object, load);
    load.waiting.add(outcome);
    if (!load.wanted) {
      load.wanted = true;
      wanted.add(load);
    }
    startNext();
  }

  private void onReadAhead(FlushId object) {
    if (!loads.containsKey(object) && readahead.size() < READAHEAD_MAX) {
      Load load = new Load(object);
      loads.put(object, load);
      readahead.add(load);
      startNext();
    }
  }

  private void startNext() {
    while (gets < GETS_MAX) {
      Load next = wanted.isEmpty() ? readahead.poll() : wanted.poll();
      if (next == null) {
        return;
      }
      // One that was wanted while it stood in the other queue stands in both.
      if (!next.started) {
        next.started = true;
        gets++;
        get(next, 1);
      }
    }
  }

  private void get(Load load, int attempt) {
    loop.then(cache.get(load.object), outcome -> onGot(load, attempt, outcome));
  }

  private void onGot(Load load, int attempt, BlockOutcome outcome) {
    if (outcome instanceof BlockOutcome.Unknown && attempt < ATTEMPTS_MAX) {
      loop.schedule(RETRY_AFTER.multipliedBy(attempt), () -> get(load, attempt + 1));
      return;
    }
    gets--;
    loads.remove(load.object);
    load.waiting.forEach(waiting -> waiting.complete(outcome));
    startNext();
  }

  private static final class Load {
    private final FlushId object;
    private final List<CompletableFuture<BlockOutcome>> waiting = new ArrayList<>(1);
    private boolean wanted;
    private boolean started;

    Load(FlushId object) {
      this.object = object;
    }
  }
}
