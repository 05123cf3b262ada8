package io.tributary.actors.group;

import io.tributary.actors.shard.Journal;
import io.tributary.actors.shard.ShardContext;
import io.tributary.actors.shard.ShardLogic;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.GroupRecord;
import io.tributary.persistence.format.GroupRecordsFormat;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.common.runtime.CoordinatorOperationExceptionHelper;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.apache.kafka.coordinator.group.GroupCoordinatorShard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups of one shard. A write is decided by the {@link GroupMachine}, journaled, and answered
 * when the commit has come; a read sees the committed state and needs the right to serve. A refused
 * commit ends this object: nothing that hung on it is answered, and the next owner starts from what
 * is durable.
 */
public final class GroupShard implements ShardLogic<GroupRequest<?>, Object> {
  private static final Logger log = LoggerFactory.getLogger(GroupShard.class);

  private final ShardContext context;
  private final GroupEnvironment environment;
  private final GroupMachine machine;

  /** Answers that wrote nothing themselves but saw what is not yet durable, by its end offset. */
  private final Queue<Waiting> waiting = new ArrayDeque<>();

  private boolean isStopped;

  public GroupShard(ShardContext context, GroupEnvironment environment) {
    this.context = context;
    this.environment = environment;
    this.machine =
        new GroupMachine(context.shard(), environment, context.loop(), this::writeInternally);
  }

  @Override
  public CompletionStage<Void> restore(Optional<Bytes> checkpointRoot) {
    checkpointRoot.ifPresent(
        root -> machine.replay(GroupRecordsFormat.decode(name("checkpoint"), root)));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> replay(List<Bytes> records) {
    records.forEach(
        record -> machine.replay(GroupRecordsFormat.decode(name("journal record"), record)));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void onServing() {
    machine.onServing();
  }

  @Override
  public CompletionStage<Bytes> checkpoint() {
    List<GroupRecord> records = machine.compacted();
    return CompletableFuture.supplyAsync(
        () -> GroupRecordsFormat.encode(records), environment.background());
  }

  @Override
  public void onStopped() {
    isStopped = true;
    waiting.clear();
    machine.onStopped();
  }

  @Override
  public void onRequest(GroupRequest<?> request, Consumer<Object> reply) {
    machine.refreshImage();
    switch (request) {
      case GroupRequest.Join join -> join(join, reply);
      case GroupRequest.Sync sync -> sync(sync, reply);
      case GroupRequest.Heartbeat heartbeat ->
          write(
              heartbeat,
              reply,
              groups -> groups.classicGroupHeartbeat(heartbeat.caller(), heartbeat.data()));
      case GroupRequest.Leave leave ->
          write(leave, reply, groups -> groups.classicGroupLeave(leave.caller(), leave.data()));
      case GroupRequest.ConsumerHeartbeat heartbeat ->
          write(
              heartbeat,
              reply,
              groups -> groups.consumerGroupHeartbeat(heartbeat.caller(), heartbeat.data()));
      case GroupRequest.CommitOffsets commit ->
          write(commit, reply, groups -> groups.commitOffset(commit.caller(), commit.data()));
      case GroupRequest.DeleteOffsets delete ->
          write(delete, reply, groups -> groups.deleteOffsets(delete.caller(), delete.data()));
      case GroupRequest.DeleteGroups delete -> deleteGroups(delete, reply);
      case GroupRequest.TopicDeleted deleted -> forgetTopic(deleted, reply);
      case GroupRequest.FetchOffsets fetch -> fetchOffsets(fetch, reply);
      case GroupRequest.ListGroups list -> listGroups(list, reply);
      case GroupRequest.DescribeGroups describe -> describeGroups(describe, reply);
      case GroupRequest.DescribeConsumerGroups describe -> describeConsumerGroups(describe, reply);
    }
  }

  private void join(GroupRequest.Join request, Consumer<Object> reply) {
    CompletableFuture<JoinGroupResponseData> joined = new CompletableFuture<>();
    writeThenAwait(
        request,
        reply,
        joined,
        groups -> groups.classicGroupJoin(request.caller(), request.data(), joined));
  }

  private void sync(GroupRequest.Sync request, Consumer<Object> reply) {
    CompletableFuture<SyncGroupResponseData> synced = new CompletableFuture<>();
    writeThenAwait(
        request,
        reply,
        synced,
        groups -> groups.classicGroupSync(request.caller(), request.data(), synced));
  }

  private void deleteGroups(GroupRequest.DeleteGroups request, Consumer<Object> reply) {
    write(
        request,
        reply,
        groups ->
            mapResponse(
                groups.deleteGroups(request.caller(), request.groupIds()),
                results -> new DeleteGroupsResponseData().setResults(results)));
  }

  /** Silent when it fails: whoever deletes the topic asks until there is an answer. */
  private void forgetTopic(GroupRequest.TopicDeleted request, Consumer<Object> reply) {
    Uuid id =
        new Uuid(request.id().getMostSignificantBits(), request.id().getLeastSignificantBits());
    List<GroupCoordinatorShard.DeletedTopic> deleted =
        List.of(new GroupCoordinatorShard.DeletedTopic(id, request.name()));
    journal(
        machine.write(groups -> groups.onTopicsDeleted(deleted)),
        () -> {
          if (context.journal().hasRightToServe()) {
            reply.accept(new GroupRequest.TopicForgotten());
          }
        });
  }

  private void fetchOffsets(GroupRequest.FetchOffsets request, Consumer<Object> reply) {
    if (request.requireStable()) {
      // Decided on all that is written, and answered like a write: when all that is durable.
      write(
          request,
          reply,
          groups ->
              new CoordinatorResult<>(
                  List.of(), groups.fetchOffsets(request.data(), Long.MAX_VALUE)));
    } else {
      read(request, reply, (groups, committed) -> groups.fetchOffsets(request.data(), committed));
    }
  }

  private void listGroups(GroupRequest.ListGroups request, Consumer<Object> reply) {
    read(
        request,
        reply,
        (groups, committed) ->
            new ListGroupsResponseData()
                .setGroups(groups.listGroups(request.states(), request.types(), committed)));
  }

  private void describeGroups(GroupRequest.DescribeGroups request, Consumer<Object> reply) {
    read(
        request,
        reply,
        (groups, committed) ->
            new DescribeGroupsResponseData()
                .setGroups(groups.describeGroups(request.caller(), request.groupIds(), committed)));
  }

  private void describeConsumerGroups(
      GroupRequest.DescribeConsumerGroups request, Consumer<Object> reply) {
    read(
        request,
        reply,
        (groups, committed) ->
            new ConsumerGroupDescribeResponseData()
                .setGroups(groups.consumerGroupDescribe(request.groupIds(), committed)));
  }

  /** Writes, and answers when what the answer hangs on is durable. */
  private <A> void write(
      GroupRequest.OfClient<A> request,
      Consumer<Object> reply,
      Function<GroupCoordinatorShard, CoordinatorResult<A, CoordinatorRecord>> operation) {
    GroupMachine.Written<A> written;
    try {
      written = machine.write(operation);
    } catch (RuntimeException e) {
      reply.accept(refusal(request, e));
      return;
    }
    boolean isOwnCommit = !written.journalRecords().isEmpty();
    journal(
        written,
        () -> {
          if (isOwnCommit || context.journal().hasRightToServe()) {
            reply.accept(written.response());
          } else {
            reply.accept(request.refused(Errors.NOT_COORDINATOR, null));
          }
        });
  }

  /** Writes, and answers when the machine completes {@code answer}, at once or much later. */
  private <A> void writeThenAwait(
      GroupRequest.OfClient<A> request,
      Consumer<Object> reply,
      CompletableFuture<A> answer,
      Function<GroupCoordinatorShard, CoordinatorResult<Void, CoordinatorRecord>> operation) {
    answer.whenComplete(
        (value, failure) -> {
          if (isStopped) {
            return;
          }
          if (failure != null) {
            reply.accept(refusal(request, failure));
          } else if (context.journal().hasRightToServe()) {
            reply.accept(value);
          } else {
            reply.accept(request.refused(Errors.NOT_COORDINATOR, null));
          }
        });
    try {
      journal(machine.write(operation), () -> {});
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  private <A> void read(
      GroupRequest.OfClient<A> request, Consumer<Object> reply, GroupMachine.Read<A> read) {
    if (!context.journal().hasRightToServe()) {
      reply.accept(request.refused(Errors.NOT_COORDINATOR, null));
      return;
    }
    try {
      reply.accept(machine.read(read));
    } catch (RuntimeException e) {
      reply.accept(refusal(request, e));
    }
  }

  private void writeInternally(Supplier<CoordinatorResult<Void, CoordinatorRecord>> operation) {
    journal(machine.write(_ -> operation.get()), () -> {});
  }

  private void journal(GroupMachine.Written<?> written, Runnable whenDurable) {
    Runnable done =
        () -> {
          CompletableFuture<Void> appended = written.appended();
          if (appended != null) {
            appended.complete(null);
          }
          whenDurable.run();
        };
    if (written.journalRecords().isEmpty()) {
      if (machine.isAllCommitted()) {
        done.run();
      } else {
        waiting.add(new Waiting(written.endOffset(), done));
      }
      return;
    }
    Journal journal = context.journal();
    int last = written.journalRecords().size() - 1;
    written.journalRecords().subList(0, last).forEach(record -> journal.append(record, () -> {}));
    journal.append(
        written.journalRecords().get(last),
        () -> {
          machine.committed(written.endOffset());
          done.run();
          answerWaiting(written.endOffset());
        });
  }

  private void answerWaiting(long committedOffset) {
    for (Waiting next = waiting.peek();
        next != null && next.endOffset <= committedOffset;
        next = waiting.peek()) {
      waiting.remove();
      next.done.run();
    }
  }

  private static <A> A refusal(GroupRequest.OfClient<A> request, Throwable failure) {
    BiFunction<Errors, String, A> refused = request::refused;
    return CoordinatorOperationExceptionHelper.handleOperationException(
        request.getClass().getSimpleName(), "", failure, refused, log);
  }

  private static <T, R> CoordinatorResult<R, CoordinatorRecord> mapResponse(
      CoordinatorResult<T, CoordinatorRecord> result, Function<T, R> mapping) {
    return new CoordinatorResult<>(
        result.records(),
        mapping.apply(result.response()),
        result.appendFuture(),
        result.replayRecords(),
        result.isAtomic());
  }

  private String name(String what) {
    return "a " + what + " of shard " + context.shard();
  }

  private record Waiting(long endOffset, Runnable done) {}
}
