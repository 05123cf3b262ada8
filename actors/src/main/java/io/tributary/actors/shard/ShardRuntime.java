package io.tributary.actors.shard;

import io.tributary.actors.loop.Backoff;
import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.format.ShardKeys;
import io.tributary.persistence.model.ShardOwner;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns one shard on one node: acquires it, recovers its logic, serves requests, and lets it go.
 * When the shard is fenced or its logic breaks, the logic is discarded with all its state, and the
 * runtime begins again. Confined to its host's loop.
 *
 * @param <Q> requests
 * @param <A> answers
 */
public final class ShardRuntime<Q, A> {
  /** Requests that wait for the shard to serve; past this they are turned away. */
  static final int STASHED_REQUESTS_MAX = 1_024;

  private static final Logger LOG = LoggerFactory.getLogger(ShardRuntime.class);
  private static final Duration AGAIN_FIRST = Duration.ofMillis(100);
  private static final Duration AGAIN_MAX = Duration.ofSeconds(10);
  private static final String LETS_GO = "it is moving to another node";

  private final ShardKeys keys;
  private final ShardDefinition<Q, A> definition;
  private final ShardServices services;
  private final ShardHost host;
  private final Backoff backoff;
  private final Deque<Stashed<Q, A>> stash = new ArrayDeque<>();
  private Phase<Q, A> phase = new Phase.Pausing<>();
  private long servingSinceNanos;

  private sealed interface Phase<Q, A> {
    /** Before the next acquisition. */
    record Pausing<Q, A>() implements Phase<Q, A> {}

    record Acquiring<Q, A>(ShardAcquisition acquisition) implements Phase<Q, A> {}

    /** Owned; what is stored is being read. */
    record Reading<Q, A>(ShardOwner owner) implements Phase<Q, A> {}

    record Recovering<Q, A>(Tenure<Q, A> tenure) implements Phase<Q, A> {}

    record Serving<Q, A>(Tenure<Q, A> tenure) implements Phase<Q, A> {}

    /** Told to stop; the in-flight commits end first. */
    record Draining<Q, A>(Tenure<Q, A> tenure, Runnable stopped) implements Phase<Q, A> {}

    record Stopped<Q, A>() implements Phase<Q, A> {}
  }

  private record Stashed<Q, A>(Q request, ShardReply<A> reply) {}

  public ShardRuntime(
      ShardKeys keys, ShardDefinition<Q, A> definition, ShardServices services, ShardHost host) {
    this.keys = keys;
    this.definition = definition;
    this.services = services;
    this.host = host;
    RandomGenerator random = services.random();
    backoff = new Backoff(AGAIN_FIRST, AGAIN_MAX, random);
  }

  /** Begins to acquire the shard. */
  public void start() {
    if (phase instanceof Phase.Pausing) {
      toAcquiring();
    }
  }

  public void onRequest(Q request, ShardReply<A> reply) {
    switch (phase) {
      case Phase.Serving(var tenure) -> tenure.onRequest(request, reply);
      case Phase.Pausing<Q, A> _,
          Phase.Acquiring<Q, A> _,
          Phase.Reading<Q, A> _,
          Phase.Recovering<Q, A> _ ->
          stash(request, reply);
      case Phase.Draining<Q, A> _, Phase.Stopped<Q, A> _ -> reply.unavailable(LETS_GO);
    }
  }

  public boolean isServing() {
    return phase instanceof Phase.Serving;
  }

  /**
   * Lets the shard go: commits in flight end, then the owner record is marked released.
   *
   * @param stopped runs on the loop at the end
   */
  public void release(Runnable stopped) {
    Runnable onLoop = () -> loop().execute(stopped);
    Phase<Q, A> before = phase;
    phase = new Phase.Stopped<>();
    unstashUnavailable();
    switch (before) {
      case Phase.Pausing<Q, A> _, Phase.Stopped<Q, A> _ -> onLoop.run();
      case Phase.Acquiring(var acquisition) -> acquisition.stop(onLoop);
      case Phase.Reading(var owner) -> releaseOwner(owner, onLoop);
      case Phase.Recovering(var tenure) -> {
        tenure.close(LETS_GO);
        releaseOwner(tenure.owner(), onLoop);
      }
      case Phase.Serving(var tenure) -> {
        phase = new Phase.Draining<>(tenure, onLoop);
        tenure.drain(this::onDrained);
      }
      case Phase.Draining(var tenure, var earlier) ->
          phase =
              new Phase.Draining<>(
                  tenure,
                  () -> {
                    earlier.run();
                    onLoop.run();
                  });
    }
  }

  /** The host is gone. Whatever is owned is released without waiting for anything. */
  public void kill() {
    Phase<Q, A> before = phase;
    phase = new Phase.Stopped<>();
    unstashUnavailable();
    switch (before) {
      case Phase.Pausing<Q, A> _, Phase.Stopped<Q, A> _ -> {}
      case Phase.Acquiring(var acquisition) -> acquisition.stop(() -> {});
      case Phase.Reading(var owner) -> releaseOwner(owner, () -> {});
      case Phase.Recovering(var tenure) -> abandon(tenure);
      case Phase.Serving(var tenure) -> abandon(tenure);
      case Phase.Draining(var tenure, var stopped) -> {
        abandon(tenure);
        stopped.run();
      }
    }
  }

  /** Something on the host's loops threw: the logic can no longer be trusted. */
  public void onBroken(Throwable failure) {
    LOG.error("Shard {} broke and begins again from what is stored", keys.shard(), failure);
    startAgain("it broke");
  }

  private void onDrained() {
    if (phase instanceof Phase.Draining(var tenure, var stopped)) {
      phase = new Phase.Stopped<>();
      tenure.close(LETS_GO);
      releaseOwner(tenure.owner(), stopped);
    }
  }

  private void toAcquiring() {
    ShardAcquisition acquisition = new ShardAcquisition(keys, services, loop(), this::onAcquired);
    phase = new Phase.Acquiring<>(acquisition);
    acquisition.start();
  }

  private void onAcquired(ShardOwner owner) {
    Phase<Q, A> reading = new Phase.Reading<>(owner);
    phase = reading;
    new ShardRecovery(keys, owner, services, loop())
        .start(
            new ShardRecovery.Listener() {
              @Override
              public void onRead(ShardRecovery.Stored stored) {
                if (phase == reading) {
                  toRecovering(owner, stored);
                }
              }

              @Override
              public void onLost() {
                if (phase == reading) {
                  onFenced();
                }
              }
            });
  }

  private void toRecovering(ShardOwner owner, ShardRecovery.Stored stored) {
    Tenure.Terms terms = new Tenure.Terms(keys, owner, definition.checkpoints(), services, host);
    Tenure<Q, A> tenure = new Tenure<>(terms, definition.factory(), this::onFenced);
    phase = new Phase.Recovering<>(tenure);
    tenure.recover(stored, () -> toServing(tenure));
  }

  private void toServing(Tenure<Q, A> tenure) {
    LOG.debug("Shard {} serves at epoch {}", keys.shard(), tenure.ownerEpoch());
    phase = new Phase.Serving<>(tenure);
    servingSinceNanos = loop().nanoTime();
    while (phase instanceof Phase.Serving && !stash.isEmpty()) {
      Stashed<Q, A> next = stash.remove();
      tenure.onRequest(next.request(), next.reply());
    }
  }

  private void onFenced() {
    LOG.info("Shard {} has another owner", keys.shard());
    startAgain("it has another owner");
  }

  private void startAgain(String why) {
    Phase<Q, A> before = phase;
    switch (before) {
      case Phase.Pausing<Q, A> _, Phase.Stopped<Q, A> _ -> {
        return;
      }
      case Phase.Acquiring(var acquisition) -> acquisition.stop(() -> {});
      case Phase.Reading<Q, A> _ -> {}
      case Phase.Recovering(var tenure) -> tenure.close(why);
      case Phase.Serving(var tenure) -> {
        tenure.close(why);
        // A shard that breaks again and again must not come back ever faster.
        if (loop().nanoTime() - servingSinceNanos > AGAIN_MAX.toNanos()) {
          backoff.reset();
        }
      }
      case Phase.Draining<Q, A> _ -> {
        onDrained();
        return;
      }
    }
    phase = new Phase.Pausing<>();
    loop().schedule(backoff.next(), this::start);
  }

  private void abandon(Tenure<Q, A> tenure) {
    tenure.close(LETS_GO);
    releaseOwner(tenure.owner(), () -> {});
  }

  private void releaseOwner(ShardOwner owner, Runnable done) {
    new OwnerRelease(services.metadata(), services.writer().loop(), services.random())
        .release(keys, owner, done);
  }

  private void stash(Q request, ShardReply<A> reply) {
    if (stash.size() < STASHED_REQUESTS_MAX) {
      stash.add(new Stashed<>(request, reply));
    } else {
      reply.unavailable("it is not recovered yet");
    }
  }

  private void unstashUnavailable() {
    while (!stash.isEmpty()) {
      stash.remove().reply().unavailable(LETS_GO);
    }
  }

  private EventLoop loop() {
    return host.loop();
  }
}
