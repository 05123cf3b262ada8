package io.tributary.actors.shard;

import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.ShardKeys;
import io.tributary.persistence.format.ShardOwnerFormat;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardOwner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One ownership of a shard, from recovery to the loss of it: the logic, its journal and its open
 * requests. After {@link #close} nothing comes out of it any more, whatever the logic still does.
 * Confined to the shard's loop.
 */
final class Tenure<Q, A> implements ShardContext, Journal {
  /** Bytes of records that are not committed yet; past this, requests are turned away. */
  private static final long UNCOMMITTED_BYTES_MAX = 8L * 1024 * 1024;

  /** Requests not answered yet; past this, requests are turned away. */
  private static final int OPEN_REQUESTS_MAX = 100_000;

  private final Terms terms;
  private final Runnable fenced;
  private final ShardLogic<Q, A> logic;
  private final Deque<Uncommitted> uncommitted = new ArrayDeque<>();
  private final Set<OpenRequest> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<ChildLoop> children = new ArrayList<>();

  private @Nullable JournalLine line;
  private @Nullable Checkpoints checkpoints;
  private @Nullable Runnable drained;
  private long uncommittedBytes;
  private long verifiedTerm = ServingRight.NO_TERM;
  private boolean verifying;
  private boolean closed;

  /** What a tenure begins with. */
  record Terms(
      ShardKeys keys,
      ShardOwner owner,
      CheckpointSettings settings,
      ShardServices services,
      ShardHost host) {}

  private record Uncommitted(int bytes, Runnable committed) {}

  /**
   * @param fenced runs on the loop, once at most, when the shard turns out to be another's
   */
  Tenure(Terms terms, ShardLogicFactory<Q, A> factory, Runnable fenced) {
    this.terms = terms;
    this.fenced = fenced;
    logic = factory.create(this);
  }

  /**
   * Restores and replays; {@code recovered} runs on the loop, unless the tenure is over by then.
   */
  void recover(ShardRecovery.Stored stored, Runnable recovered) {
    then(
        logic.restore(stored.root()),
        _ -> then(logic.replay(stored.records()), _ -> serve(stored, recovered)));
  }

  private void serve(ShardRecovery.Stored stored, Runnable recovered) {
    line =
        terms
            .services()
            .writer()
            .open(terms.keys(), terms.owner(), stored.lastNumber() + 1, new LineListener());
    checkpoints = new Checkpoints(terms, stored, new CheckpointSource());
    verifiedTerm = stored.term();
    logic.onServing();
    checkpoints.start();
    recovered.run();
  }

  void onRequest(Q request, ShardReply<A> reply) {
    if (uncommittedBytes > UNCOMMITTED_BYTES_MAX || open.size() >= OPEN_REQUESTS_MAX) {
      reply.unavailable("too much is waiting for the metadata store");
    } else if (checkpoints != null && checkpoints.areOverdue()) {
      reply.unavailable("its checkpoints are overdue");
    } else {
      OpenRequest asked = new OpenRequest(reply);
      open.add(asked);
      logic.onRequest(request, asked);
    }
  }

  /** Runs {@code done} once everything appended so far is committed. */
  void drain(Runnable done) {
    drained = done;
    runDrained();
  }

  /** Nothing is committed, answered or asked of the logic after this. */
  void close(String why) {
    if (closed) {
      return;
    }
    closed = true;
    if (line != null) {
      line.close();
    }
    if (checkpoints != null) {
      checkpoints.close();
    }
    children.forEach(ChildLoop::stop);
    children.clear();
    logic.onStopped();
    List<OpenRequest> unanswered = List.copyOf(open);
    open.clear();
    unanswered.forEach(request -> request.reply.unavailable(why));
  }

  ShardOwner owner() {
    return terms.owner();
  }

  @Override
  public ShardId shard() {
    return terms.keys().shard();
  }

  @Override
  public long ownerEpoch() {
    return terms.owner().epoch();
  }

  @Override
  public long incarnation() {
    return terms.owner().incarnation();
  }

  @Override
  public EventLoop loop() {
    return terms.host().loop();
  }

  @Override
  public Journal journal() {
    return this;
  }

  @Override
  public ChildLoop startChild(String name) {
    ChildLoop child = terms.host().startChild(name);
    if (closed) {
      child.stop();
    } else {
      children.add(child);
    }
    return child;
  }

  @Override
  public void append(Bytes record, Runnable committed) {
    if (record.length() > RECORD_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a journal record takes at most " + RECORD_BYTES_MAX + " bytes, not " + record.length());
    }
    if (closed) {
      return;
    }
    if (line == null || checkpoints == null) {
      throw new IllegalStateException("shard " + shard() + " is not recovered yet");
    }
    uncommitted.add(new Uncommitted(record.length(), committed));
    uncommittedBytes += record.length();
    line.append(record);
    checkpoints.onAppended(record);
  }

  @Override
  public boolean hasRightToServe() {
    long term = terms.services().right().term(loop().nanoTime());
    if (closed || term == ServingRight.NO_TERM) {
      return false;
    }
    if (term != verifiedTerm) {
      verify(term);
      return false;
    }
    return true;
  }

  /** The right was lost and came back; somebody else may have acquired the shard in between. */
  private void verify(long term) {
    if (verifying) {
      return;
    }
    verifying = true;
    then(
        terms.services().metadata().get(terms.keys().owner()),
        outcome -> {
          verifying = false;
          if (outcome instanceof ReadOutcome.Read read) {
            Bytes own = ShardOwnerFormat.write(terms.owner());
            if (read.first().filter(entry -> entry.value().equals(own)).isPresent()) {
              verifiedTerm = term;
            } else {
              fenced.run();
            }
          }
        });
  }

  private void onCommitted(long number, int records) {
    if (closed || checkpoints == null) {
      return;
    }
    for (int i = 0; i < records; i++) {
      Uncommitted next = uncommitted.remove();
      uncommittedBytes -= next.bytes();
      next.committed().run();
    }
    checkpoints.onCommitted(number, records);
    runDrained();
  }

  private void runDrained() {
    if (drained != null && uncommitted.isEmpty()) {
      Runnable done = drained;
      drained = null;
      done.run();
    }
  }

  /** Goes on with {@code next} on the loop, unless the tenure is over by then. */
  private <T> void then(CompletionStage<T> stage, Consumer<T> next) {
    loop()
        .then(
            stage,
            value -> {
              if (!closed) {
                next.accept(value);
              }
            });
  }

  private final class OpenRequest implements Consumer<A> {
    private final ShardReply<A> reply;

    OpenRequest(ShardReply<A> reply) {
      this.reply = reply;
    }

    @Override
    public void accept(A answer) {
      if (open.remove(this)) {
        reply.answer(answer);
      }
    }
  }

  /** Brings the writer's news to the shard's loop. */
  private final class LineListener implements FencedWriter.Listener {
    @Override
    public void onCommitted(long number, int records) {
      loop().execute(() -> Tenure.this.onCommitted(number, records));
    }

    @Override
    public void onFenced() {
      loop()
          .execute(
              () -> {
                if (!closed) {
                  fenced.run();
                }
              });
    }
  }

  private final class CheckpointSource implements Checkpoints.Source {
    @Override
    public CompletionStage<Bytes> checkpoint() {
      return logic.checkpoint();
    }

    @Override
    public void seal() {
      if (line != null) {
        line.seal();
      }
    }

    @Override
    public void onFenced() {
      fenced.run();
    }
  }
}
