package io.tributary.actors.shard;

import io.tributary.actors.loop.Backoff;
import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.CheckpointPointerFormat;
import io.tributary.persistence.format.ShardKeys;
import io.tributary.persistence.format.ShardOwnerFormat;
import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.metadata.MetadataStore.Write;
import io.tributary.persistence.model.CheckpointPointer;
import io.tributary.persistence.model.ShardOwner;
import io.tributary.persistence.objects.ObjectKey;
import io.tributary.persistence.objects.ObjectStore.PutOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When and how an owned shard writes checkpoints: one at a time, never ahead of the journal. A root
 * covers at least the journal up to a number: the journal is sealed at the moment of the snapshot,
 * so the last record it must cover ends an entry. Superseded roots and pages are left to the
 * janitor. Confined to the shard's loop.
 */
final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(200);
  private static final Duration RETRY_MAX = Duration.ofSeconds(10);

  /** How far the journal may outgrow its limit before the shard takes nothing more. */
  private static final int OVERDUE_FACTOR = 4;

  private final ShardKeys keys;
  private final ShardOwner owner;
  private final CheckpointSettings settings;
  private final ShardServices services;
  private final EventLoop loop;
  private final Source source;
  private final Backoff backoff;

  private Optional<Bytes> pointerValue;
  private long lastNumber;
  private Amount appended = Amount.NONE;
  private Amount covered = Amount.NONE;
  private long committedRecords;
  private long uncoveredSinceNanos;
  private long made;
  private boolean timerSet;
  private boolean closed;
  private @Nullable Run run;

  /** Whose checkpoints these are. */
  interface Source {
    /** As {@link ShardLogic#checkpoint}. */
    CompletionStage<Bytes> checkpoint();

    /** As {@link JournalLine#seal}. */
    void seal();

    void onFenced();
  }

  private record Amount(long records, long bytes) {
    static final Amount NONE = new Amount(0, 0);

    Amount plus(int recordBytes) {
      return new Amount(records + 1, bytes + recordBytes);
    }
  }

  /** One checkpoint on its way. */
  private static final class Run {
    private final Amount covers;
    private final long startedNanos;
    private final ObjectKey object;
    private long number = -1;
    private @Nullable Bytes uploadedRoot;
    private boolean putUnknown;
    private boolean publishing;

    Run(Amount covers, long startedNanos, ObjectKey object) {
      this.covers = covers;
      this.startedNanos = startedNanos;
      this.object = object;
    }
  }

  Checkpoints(Tenure.Terms terms, ShardRecovery.Stored stored, Source source) {
    keys = terms.keys();
    owner = terms.owner();
    settings = terms.settings();
    services = terms.services();
    loop = terms.host().loop();
    this.source = source;
    backoff = new Backoff(RETRY_FIRST, RETRY_MAX, services.random());
    pointerValue = stored.pointerValue();
    lastNumber = stored.lastNumber();
    for (Bytes record : stored.records()) {
      appended = appended.plus(record.length());
    }
    committedRecords = appended.records();
  }

  /** The shard serves: what recovery replayed counts as well. */
  void start() {
    uncoveredSinceNanos = loop.nanoTime();
    startWhenDue();
  }

  void onAppended(Bytes record) {
    if (appended.equals(covered)) {
      uncoveredSinceNanos = loop.nanoTime();
    }
    appended = appended.plus(record.length());
    setTimer();
  }

  void onCommitted(long number, int records) {
    lastNumber = number;
    committedRecords += records;
    if (run != null && run.covers.records() == committedRecords) {
      run.number = number;
      publishWhenReady(run);
    }
    startWhenDue();
  }

  /** Checkpoints have failed for so long that the journal must not grow further. */
  boolean areOverdue() {
    return appended.bytes() - covered.bytes() > OVERDUE_FACTOR * settings.journalBytesMax();
  }

  void close() {
    closed = true;
  }

  private void setTimer() {
    if (!timerSet) {
      timerSet = true;
      long leftNanos = settings.ageMax().toNanos() - (loop.nanoTime() - uncoveredSinceNanos);
      loop.schedule(
          Duration.ofNanos(Math.max(leftNanos, 0)),
          () -> {
            timerSet = false;
            startWhenDue();
          });
    }
  }

  private void startWhenDue() {
    if (closed || run != null || appended.equals(covered)) {
      return;
    }
    long records = appended.records() - covered.records();
    long bytes = appended.bytes() - covered.bytes();
    long ageNanos = loop.nanoTime() - uncoveredSinceNanos;
    if (records >= settings.recordsMax()
        || bytes >= settings.journalBytesMax()
        || ageNanos >= settings.ageMax().toNanos()) {
      start(appended);
    } else {
      setTimer();
    }
  }

  private void start(Amount covers) {
    made++;
    Run started = new Run(covers, loop.nanoTime(), objectKey());
    run = started;
    if (covers.records() == committedRecords) {
      started.number = lastNumber;
    }
    source.seal();
    loop.whenDone(
        source.checkpoint(),
        (root, failure) -> {
          if (closed) {
            return;
          }
          if (root != null) {
            upload(started, root);
          } else {
            onFailed(failure);
          }
        });
  }

  private ObjectKey objectKey() {
    return new ObjectKey("checkpoint/" + keys.shard() + "/" + owner.epoch() + "." + made);
  }

  private void onFailed(@Nullable Throwable failure) {
    Duration pause = backoff.next();
    LOG.warn(
        "Checkpoint of shard {} failed, trying again in {} ms",
        keys.shard(),
        pause.toMillis(),
        failure);
    loop.schedule(
        pause,
        () -> {
          run = null;
          startWhenDue();
        });
  }

  private void upload(Run uploading, Bytes root) {
    then(
        services.objects().putIfAbsent(uploading.object, List.of(root)),
        outcome -> {
          switch (outcome) {
            case PutOutcome.Stored _ -> onUploaded(uploading, root);
            case PutOutcome.Occupied _ -> {
              if (!uploading.putUnknown) {
                throw new IllegalStateException(uploading.object + " is not unique");
              }
              onUploaded(uploading, root);
            }
            case PutOutcome.Unknown _ -> {
              uploading.putUnknown = true;
              loop.schedule(backoff.next(), () -> uploadUnlessClosed(uploading, root));
            }
          }
        });
  }

  private void uploadUnlessClosed(Run uploading, Bytes root) {
    if (!closed) {
      upload(uploading, root);
    }
  }

  private void onUploaded(Run uploaded, Bytes root) {
    uploaded.uploadedRoot = root;
    publishWhenReady(uploaded);
  }

  private void publishWhenReady(Run ready) {
    Bytes root = ready.uploadedRoot;
    if (root == null || ready.number < 0 || ready.publishing) {
      return;
    }
    ready.publishing = true;
    CheckpointPointer pointer =
        new CheckpointPointer(
            ready.object.value(), ready.number, root.length(), ShardRecovery.crcOf(root));
    Bytes value = CheckpointPointerFormat.write(pointer);
    // The old pointer is compared as well: a late twin of an earlier publication must not put it
    // back after the journal above it has been cut.
    Compare unchanged =
        pointerValue
            .<Compare>map(old -> new Compare.ValueIs(keys.checkpoint(), old))
            .orElseGet(() -> new Compare.Absent(keys.checkpoint()));
    publish(
        ready,
        value,
        new Transaction(
            List.of(new Compare.ValueIs(keys.owner(), ShardOwnerFormat.write(owner)), unchanged),
            List.of(
                new Write.Put(keys.checkpoint(), value),
                new Write.DeleteRange(keys.journal(0), keys.journal(ready.number + 1))),
            List.of(keys.owner(), keys.checkpoint())));
  }

  private void publish(Run publishing, Bytes value, Transaction transaction) {
    then(
        services.metadata().transact(transaction),
        outcome -> {
          switch (outcome) {
            case TransactionOutcome.Applied _ -> onPublished(publishing, value);
            case TransactionOutcome.Refused refused ->
                onRefused(publishing, value, refused.entries());
            case TransactionOutcome.Unknown _ ->
                loop.schedule(
                    backoff.next(),
                    () -> {
                      if (!closed) {
                        publish(publishing, value, transaction);
                      }
                    });
          }
        });
  }

  private void onRefused(Run refused, Bytes value, List<Entry> standing) {
    Bytes own = ShardOwnerFormat.write(owner);
    if (standing.stream().noneMatch(entry -> entry.value().equals(own))) {
      source.onFenced();
    } else if (standing.stream().anyMatch(entry -> entry.value().equals(value))) {
      onPublished(refused, value);
    } else {
      throw new IllegalStateException("a checkpoint of shard " + keys.shard() + " is not its own");
    }
  }

  private void onPublished(Run published, Bytes value) {
    pointerValue = Optional.of(value);
    covered = published.covers;
    uncoveredSinceNanos = published.startedNanos;
    run = null;
    backoff.reset();
    startWhenDue();
  }

  private <T> void then(CompletionStage<T> stage, Consumer<T> next) {
    loop.then(
        stage,
        outcome -> {
          if (!closed) {
            next.accept(outcome);
          }
        });
  }
}
