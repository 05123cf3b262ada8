package io.tributary.actors.cluster;

import io.tributary.actors.cluster.ClusterImage.BrokerImage;
import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the node's {@link ClusterImage} current: reads it again when a watch tells of a change, and
 * every second in any case. While the metadata store is away the last image stays; {@link #age}
 * tells how old it is. One read runs at a time; whoever needs a newer one shares the next. Confined
 * to its loop, but every public method may be called from any thread.
 */
public final class ClusterImages implements Supplier<ClusterImage>, AutoCloseable {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(ClusterImages.class);

  private final EventLoop loop;
  private final MetadataStore store;
  private final List<MetadataStore.Watch> watches = new ArrayList<>();
  private volatile ClusterImage image;
  private volatile long readNanos;
  private volatile boolean everRead;

  private List<CompletableFuture<RefreshOutcome>> waitingForNext = new ArrayList<>();
  private boolean reading;
  private boolean readAgain;
  private boolean failing;
  private boolean closed;
  private EventLoop.@Nullable Timer poll;

  /**
   * @param before what is known before the first read: the cluster's id and shard counts
   */
  public ClusterImages(EventLoop loop, MetadataStore store, ClusterImage before) {
    this.loop = loop;
    this.store = store;
    this.image = before;
    this.readNanos = loop.nanoTime();
  }

  public sealed interface RefreshOutcome {
    /** The image holds at least everything written before the refresh was asked for. */
    record Current(ClusterImage image) implements RefreshOutcome {}

    record Unknown(Throwable cause) implements RefreshOutcome {}
  }

  /** The newest image this node has. */
  @Override
  public ClusterImage get() {
    return image;
  }

  /** How long ago the read that gave the image was sent; counts from the start before the first. */
  public Duration age() {
    return Duration.ofNanos(loop.nanoTime() - readNanos);
  }

  /** Whether the image was ever read: before, it is empty and says nothing. */
  public boolean everRead() {
    return everRead;
  }

  /** Begins watching and polling; completes with the first read. */
  public CompletionStage<RefreshOutcome> start() {
    loop.execute(
        () -> {
          for (String prefix : ClusterReading.PREFIXES) {
            watches.add(store.watch(prefix, this::onHint));
          }
          poll = loop.schedule(POLL, this::onPoll);
        });
    return refresh();
  }

  /** Reads the metadata store, beginning after this call; calls during a read share the next. */
  public CompletionStage<RefreshOutcome> refresh() {
    CompletableFuture<RefreshOutcome> refreshed = new CompletableFuture<>();
    loop.execute(
        () -> {
          waitingForNext.add(refreshed);
          readIfIdle();
        });
    return refreshed;
  }

  /** Completes when the image holds the write of {@code revision}, or could not be read. */
  public CompletionStage<RefreshOutcome> reached(long revision) {
    ClusterImage known = image;
    if (known.revision() >= revision) {
      return CompletableFuture.completedFuture(new RefreshOutcome.Current(known));
    }
    return refresh();
  }

  /** The live nodes have changed, as the node registration sees them. */
  public void onBrokers(List<BrokerImage> live) {
    loop.execute(() -> image = image.with(live));
  }

  @Override
  public void close() {
    loop.execute(
        () -> {
          closed = true;
          watches.forEach(MetadataStore.Watch::close);
          if (poll != null) {
            poll.cancel();
          }
          settle(
              waitingForNext,
              new RefreshOutcome.Unknown(new IllegalStateException("the node stops")));
          waitingForNext = new ArrayList<>();
        });
  }

  private void onHint() {
    loop.execute(this::readIfIdleOrAgain);
  }

  private void onPoll() {
    if (closed) {
      return;
    }
    poll = loop.schedule(POLL, this::onPoll);
    readIfIdle();
  }

  private void readIfIdleOrAgain() {
    // What the hint tells of may have been written after a running read was served.
    readAgain = reading;
    readIfIdle();
  }

  private void readIfIdle() {
    if (reading || closed) {
      return;
    }
    reading = true;
    List<CompletableFuture<RefreshOutcome>> served = waitingForNext;
    waitingForNext = new ArrayList<>();
    long sentNanos = loop.nanoTime();
    List<CompletableFuture<ReadOutcome>> reads =
        ClusterReading.PREFIXES.stream()
            .map(prefix -> store.range(prefix).toCompletableFuture())
            .toList();
    CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
        .whenCompleteAsync(
            (_, failure) -> {
              RefreshOutcome outcome =
                  failure == null
                      ? read(reads.stream().map(CompletableFuture::join).toList(), sentNanos)
                      : new RefreshOutcome.Unknown(failure);
              onRead(outcome, served);
            },
            loop);
  }

  private RefreshOutcome read(List<ReadOutcome> reads, long sentNanos) {
    try {
      return switch (ClusterReading.of(reads)) {
        case ClusterReading.Failed(Throwable cause) -> new RefreshOutcome.Unknown(cause);
        case ClusterReading.Complete complete -> {
          image = complete.onto(image);
          readNanos = sentNanos;
          everRead = true;
          yield new RefreshOutcome.Current(image);
        }
      };
    } catch (RuntimeException damaged) {
      return new RefreshOutcome.Unknown(damaged);
    }
  }

  private void onRead(RefreshOutcome outcome, List<CompletableFuture<RefreshOutcome>> served) {
    reading = false;
    logChange(outcome);
    settle(served, outcome);
    if (readAgain || !waitingForNext.isEmpty()) {
      readAgain = false;
      readIfIdle();
    }
  }

  private void logChange(RefreshOutcome outcome) {
    switch (outcome) {
      case RefreshOutcome.Current _ -> {
        if (failing) {
          LOG.info("the cluster image is current again");
        }
        failing = false;
      }
      case RefreshOutcome.Unknown(Throwable cause) -> {
        if (!failing) {
          LOG.warn("the cluster image could not be read; the last one stays in use", cause);
        }
        failing = true;
      }
    }
  }

  private static void settle(
      List<CompletableFuture<RefreshOutcome>> waiting, RefreshOutcome outcome) {
    waiting.forEach(one -> one.complete(outcome));
  }
}
