package io.tributary.actors.partition;

import io.tributary.actors.partition.AppendInFlight.Indexed;
import io.tributary.actors.partition.PartitionRequest.Append;
import io.tributary.actors.partition.PartitionRequest.DeleteRecords;
import io.tributary.actors.partition.PartitionRequest.DescribeProducers;
import io.tributary.actors.partition.PartitionRequest.DescribeSizes;
import io.tributary.actors.partition.PartitionRequest.Done;
import io.tributary.actors.partition.PartitionRequest.Latest;
import io.tributary.actors.partition.PartitionRequest.Producers;
import io.tributary.actors.partition.PartitionRequest.Sizes;
import io.tributary.actors.partition.PartitionRequest.Subscribe;
import io.tributary.actors.partition.PartitionRequest.Subscribed;
import io.tributary.actors.partition.PartitionRequest.Unsubscribe;
import io.tributary.actors.partition.model.Cursors.Position;
import io.tributary.actors.partition.model.PartitionLog;
import io.tributary.actors.shard.ShardContext;
import io.tributary.actors.shard.ShardLogic;
import io.tributary.actors.shard.ShardLogicFactory;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.PartitionEventFormat;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionEvent;
import io.tributary.persistence.model.PartitionEvent.Appended;
import io.tributary.persistence.model.PartitionEvent.LogStartMoved;
import io.tributary.persistence.model.PartitionEvent.TopicDeleted;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.SliceDecision.UnknownPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A set of partitions that is owned as one. It takes each intake object's slices once, in flush
 * order, has every partition decide on its own, and journals the decisions as one record; when that
 * is committed, watermarks move, subscribers hear of it, and the intake is answered.
 *
 * <p>Everything that becomes a record, and every checkpoint, takes a place in one order; so the
 * state between two places is the state between two records. A checkpoint may cover records that
 * are appended after it was asked for: {@link #replay} leaves alone what the state already has.
 */
public final class PartitionShard implements ShardLogic<PartitionRequest<?>, Object> {
  /** How often a feed speaks when nothing happens. */
  public static final int BEAT_MS = 500;

  /** A subscriber that is silent for longer is dropped. */
  public static final int SUBSCRIPTION_SECONDS = 30;

  /** How often requests that wait for the right to serve are looked at. */
  private static final Duration UNSERVED_RETRY = Duration.ofMillis(100);

  private final ShardContext context;
  private final PartitionEnvironment environment;
  private final ShardJournal journal;
  private final List<Runnable> unserved = new ArrayList<>();
  private final ShardState state;
  private final Feeds feeds;
  private final Checkpoints checkpoints;
  private final Map<FlushId, AppendInFlight> inFlight = new HashMap<>();

  public PartitionShard(ShardContext context, PartitionEnvironment environment) {
    this.context = context;
    this.environment = environment;
    this.journal = new ShardJournal(context.journal());
    this.state = new ShardState(context, environment.limits());
    this.feeds = new Feeds(context);
    this.checkpoints =
        new Checkpoints(state, journal, feeds, new CheckpointWriter(context, environment));
  }

  public static ShardLogicFactory<PartitionRequest<?>, Object> factory(
      PartitionEnvironment environment) {
    return context -> new PartitionShard(context, environment);
  }

  @Override
  public CompletionStage<Void> restore(Optional<Bytes> checkpointRoot) {
    return state.restore(checkpointRoot);
  }

  @Override
  public CompletionStage<Void> replay(List<Bytes> records) {
    List<PartitionEvent> events = new ArrayList<>(records.size());
    for (Bytes record : records) {
      events.add(PartitionEventFormat.decode("a journal record of " + context.shard(), record));
    }
    return new JournalReplay(context, environment.footers(), state, events).run();
  }

  @Override
  public void onServing() {
    feeds.start();
  }

  @Override
  public CompletionStage<Bytes> checkpoint() {
    return checkpoints.write();
  }

  @Override
  public void onStopped() {
    unserved.clear();
    feeds.stop();
  }

  @Override
  public void onRequest(PartitionRequest<?> request, Consumer<Object> reply) {
    switch (request) {
      case Append append -> onAppend(append, reply::accept);
      case PartitionRequest.TopicDeleted(var topicId) ->
          onTopicDeleted(new TopicDeleted(topicId, context.loop().wallMs()), reply);
      case Unsubscribe(String subscriber, List<PartitionId> partitions) -> {
        feeds.unsubscribe(subscriber, partitions);
        reply.accept(new Done());
      }
      case Latest latest when mayServe() -> reply.accept(latest(latest.partition()));
      case Subscribe subscribe when mayServe() -> onSubscribe(subscribe, reply);
      case DeleteRecords delete when mayServe() -> onDeleteRecords(delete, reply);
      case DescribeProducers(PartitionId id) when mayServe() -> onDescribeProducers(id, reply);
      case DescribeSizes() when mayServe() -> reply.accept(new Sizes(state.sizes()));
      case Latest _, Subscribe _, DeleteRecords _, DescribeProducers _, DescribeSizes _ ->
          later(() -> onRequest(request, reply));
    }
  }

  /** The right to serve comes back, or the ownership ends: the runtime bounds what may wait. */
  private void later(Runnable request) {
    unserved.add(request);
    if (unserved.size() == 1) {
      context
          .loop()
          .schedule(
              UNSERVED_RETRY,
              () -> {
                List<Runnable> again = List.copyOf(unserved);
                unserved.clear();
                again.forEach(Runnable::run);
              });
    }
  }

  private boolean mayServe() {
    return context.journal().hasRightToServe();
  }

  private void onAppend(Append request, Consumer<AppendAnswer> reply) {
    AppendInFlight known = inFlight.get(request.flush());
    if (known != null) {
      known.replies.add(reply);
      return;
    }
    switch (state.cursors().position(request.flush(), request.previousFlush())) {
      case Position.Next() -> take(request, reply);
      case Position.Gap(long fromFlush) -> reply.accept(new AppendAnswer.ResendFrom(fromFlush));
      case Position.Decided(Appended result) ->
          reply.accept(AppendInFlight.answer(request.slices(), result, this::logStart));
      case Position.Forgotten() -> reply.accept(new AppendAnswer.BelowFloor());
      case Position.Taken() ->
          throw new IllegalStateException(request.flush() + " is taken but not in flight");
    }
  }

  private void take(Append request, Consumer<AppendAnswer> reply) {
    AppendInFlight append = new AppendInFlight(request, context.loop().wallMs(), reply);
    inFlight.put(request.flush(), append);
    state.cursors().take(request.flush());
    OrderedSteps.Place place = journal.take();
    for (int i = 0; i < request.slices().size(); i++) {
      PartitionSlice slice = request.slices().get(i);
      if (state.isDeleted(slice.partition())) {
        append.decided(i, new UnknownPartition());
      } else {
        int index = i;
        state
            .partition(slice.partition())
            .actor()
            .decide(
                slice,
                append.takenAtMs,
                decision -> {
                  append.decided(index, decision);
                  makeReady(append, place);
                });
      }
    }
    makeReady(append, place);
  }

  private void makeReady(AppendInFlight append, OrderedSteps.Place place) {
    if (append.isDecided() && !place.isReady()) {
      place.ready(() -> journalAppend(append));
    }
  }

  private void journalAppend(AppendInFlight append) {
    Appended event = append.event();
    append.indexed().addAll(state.apply(event, append.request.slices()));
    journal.append(PartitionEventFormat.encode(event), () -> onCommitted(append, event));
  }

  private void onCommitted(AppendInFlight append, Appended event) {
    List<PartitionUpdate> updates = new ArrayList<>(append.indexed().size());
    for (Indexed indexed : append.indexed()) {
      indexed.partition().log().commit(indexed.entry().nextOffset());
      updates.add(indexed.partition().committed(List.of(indexed.entry())));
    }
    feeds.tell(updates);
    inFlight.remove(append.request.flush());
    AppendAnswer answer = AppendInFlight.answer(append.request.slices(), event, this::logStart);
    append.replies.forEach(reply -> reply.accept(answer));
  }

  private long logStart(PartitionSlice slice) {
    OwnedPartition partition = state.ifKnown(slice.partition());
    return partition == null ? 0 : partition.log().logStartOffset();
  }

  private LatestAnswer latest(PartitionId id) {
    if (state.isDeleted(id)) {
      return new LatestAnswer.UnknownPartition();
    }
    PartitionLog log = logOf(id);
    return new LatestAnswer.Watermarks(log.logStartOffset(), log.highWatermark());
  }

  /** What was never written is an empty log. */
  private PartitionLog logOf(PartitionId id) {
    OwnedPartition partition = state.ifKnown(id);
    return partition == null ? new PartitionLog() : partition.log();
  }

  private void onSubscribe(Subscribe request, Consumer<Object> reply) {
    List<PartitionUpdate> first = new ArrayList<>(request.partitions().size());
    for (PartitionId id : request.partitions()) {
      first.add(
          state.isDeleted(id)
              ? new PartitionUpdate.Deleted(id)
              : OwnedPartition.snapshot(id, logOf(id)));
    }
    reply.accept(new Subscribed(context.ownerEpoch()));
    feeds.subscribe(request.subscriber(), request.sink(), first);
  }

  private void onDeleteRecords(DeleteRecords request, Consumer<Object> reply) {
    if (state.isDeleted(request.partition())) {
      reply.accept(new DeleteRecordsAnswer.UnknownPartition());
      return;
    }
    PartitionLog log = logOf(request.partition());
    OptionalLong target = log.logStartFor(request.beforeOffset());
    if (target.isEmpty()) {
      reply.accept(new DeleteRecordsAnswer.OutOfRange(log.highWatermark()));
    } else if (target.getAsLong() <= log.logStartOffset()) {
      reply.accept(new DeleteRecordsAnswer.Moved(log.logStartOffset()));
    } else {
      LogStartMoved event = new LogStartMoved(request.partition(), target.getAsLong());
      journal.take().ready(() -> journalLogStart(event, log, reply));
    }
  }

  private void journalLogStart(LogStartMoved event, PartitionLog log, Consumer<Object> reply) {
    log.decideLogStart(event.logStartOffset());
    journal.append(
        PartitionEventFormat.encode(event),
        () -> {
          log.commitLogStart(event.logStartOffset());
          OwnedPartition partition = state.ifKnown(event.partition());
          if (partition != null) {
            feeds.tell(List.of(partition.committed(List.of())));
          }
          reply.accept(new DeleteRecordsAnswer.Moved(log.logStartOffset()));
        });
  }

  private void onDescribeProducers(PartitionId id, Consumer<Object> reply) {
    OwnedPartition partition = state.ifKnown(id);
    if (partition == null) {
      reply.accept(new Producers(List.of()));
    } else {
      partition.actor().state(machine -> reply.accept(new Producers(machine.producers())));
    }
  }

  /** Asked again for a topic that is being deleted, it answers once that is durable. */
  private void onTopicDeleted(TopicDeleted event, Consumer<Object> reply) {
    boolean repeated = !state.beginDeletion(event);
    journal
        .take()
        .ready(
            () -> {
              if (!repeated) {
                journalTopicDeleted(event);
              }
              journal.whenCommitted(journal.appended(), () -> reply.accept(new Done()));
            });
  }

  private void journalTopicDeleted(TopicDeleted event) {
    List<PartitionId> gone = state.delete(event);
    journal.append(
        PartitionEventFormat.encode(event),
        () ->
            feeds.tell(gone.stream().<PartitionUpdate>map(PartitionUpdate.Deleted::new).toList()));
  }
}
