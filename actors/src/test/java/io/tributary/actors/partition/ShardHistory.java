package io.tributary.actors.partition;

import io.tributary.actors.partition.AppendAnswer.BelowFloor;
import io.tributary.actors.partition.AppendAnswer.Decided;
import io.tributary.actors.partition.PartitionRequest.Append;
import io.tributary.actors.partition.PartitionRequest.DeleteRecords;
import io.tributary.actors.partition.PartitionRequest.TopicDeleted;
import io.tributary.actors.partition.PartitionShardHost.PendingCheckpoint;
import io.tributary.actors.partition.model.ProducerLimits;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A shard under two nodes that send, repeat and reorder, while commits are slow, checkpoints are
 * published late and owners crash; all by the seed's choice.
 */
final class ShardHistory {
  static final UUID KEPT_TOPIC = new UUID(1, 1);
  static final UUID DELETED_TOPIC = new UUID(2, 2);
  static final List<PartitionId> PARTITIONS =
      List.of(
          new PartitionId(KEPT_TOPIC, 0),
          new PartitionId(KEPT_TOPIC, 1),
          new PartitionId(KEPT_TOPIC, 2),
          new PartitionId(DELETED_TOPIC, 0));

  private final Random random;
  private final PartitionShardHost host;
  private final List<Node> nodes = List.of(new Node(1), new Node(2));
  private final Map<Integer, Producer> producers = new HashMap<>();
  private final Map<FlushId, Decided> answers = new LinkedHashMap<>();
  private @Nullable PendingCheckpoint checkpoint;

  ShardHistory(long seed) {
    this.random = new Random(seed);
    this.host = new PartitionShardHost(seed, new ProducerLimits(60_000, 3));
  }

  PartitionShardHost host() {
    return host;
  }

  /** Every answer that was ever given, each flush's first one. */
  Map<FlushId, Decided> answers() {
    return answers;
  }

  List<Append> sent() {
    return nodes.stream().flatMap(node -> node.sent.stream()).toList();
  }

  /** Plays {@code steps} steps, then lets everything come to an end. */
  void play(int steps) {
    host.holdCommits();
    for (int i = 0; i < steps; i++) {
      step();
    }
    for (Node node : nodes) {
      node.sendUntilDecided();
    }
    host.commitAll();
  }

  private void step() {
    switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4, 5, 6, 7 -> node().sendNew();
      case 8, 9 -> node().sendOld();
      case 10, 11, 12 -> host.commit(1 + random.nextInt(4));
      case 13, 14, 15, 16 -> host.runUntilIdle();
      case 17 -> host.send(new DeleteRecords(partition(), random.nextInt(40)));
      case 18, 19 -> checkpoint();
      case 20 -> host.advance(Duration.ofMillis(random.nextInt(40_000)));
      case 21 -> restart();
      case 22 -> node().sendUndecided();
      default -> {
        if (random.nextInt(20) == 0) {
          host.send(new TopicDeleted(DELETED_TOPIC));
        }
      }
    }
  }

  private void checkpoint() {
    PendingCheckpoint begun = checkpoint;
    if (begun == null) {
      checkpoint = host.beginCheckpoint();
    } else if (begun.canBePublished()) {
      begun.publish();
      checkpoint = null;
    }
  }

  private void restart() {
    checkpoint = null;
    if (random.nextBoolean()) {
      host.crashAfterCommit();
    } else {
      host.restart();
    }
    host.holdCommits();
  }

  private Node node() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private PartitionId partition() {
    return PARTITIONS.get(random.nextInt(PARTITIONS.size()));
  }

  private List<BatchFacts> batches(PartitionId partition) {
    List<BatchFacts> batches = new ArrayList<>();
    for (int count = 1 + random.nextInt(3); count > 0; count--) {
      int producer = PARTITIONS.indexOf(partition) * 10 + random.nextInt(4);
      batches.add(
          random.nextInt(3) == 0
              ? Batches.at(1 + random.nextInt(3), random.nextInt(1_000))
              : producers.computeIfAbsent(producer, Producer::new).batch());
    }
    return batches;
  }

  private void onAnswer(Append append, AppendAnswer answer) {
    switch (answer) {
      case Decided decided -> {
        Decided first = answers.putIfAbsent(append.flush(), offsetsOf(decided));
        if (first != null && !first.equals(offsetsOf(decided))) {
          throw new AssertionError(append.flush() + " was answered " + first + ", then " + decided);
        }
      }
      case BelowFloor _ -> {
        if (!answers.containsKey(append.flush())) {
          throw new AssertionError(append.flush() + " was forgotten without an answer");
        }
      }
      case AppendAnswer.ResendFrom _ -> {}
    }
  }

  /** The log start may move between two answers. */
  private static Decided offsetsOf(Decided decided) {
    return new Decided(
        decided.slices().stream()
            .map(
                results ->
                    results.stream()
                        .map(
                            result ->
                                result instanceof BatchResult.Appended(long offset, _)
                                    ? new BatchResult.Appended(offset, 0)
                                    : result)
                        .toList())
            .toList());
  }

  /** An idempotent producer that mostly goes on, and sometimes repeats, skips or begins anew. */
  private final class Producer {
    private final long id;
    private int epoch;
    private int nextSequence;
    private BatchFacts last;

    Producer(int id) {
      this.id = id;
      this.last = Batches.of(id, 0, 0, 1);
    }

    BatchFacts batch() {
      int records = 1 + random.nextInt(3);
      switch (random.nextInt(10)) {
        case 0 -> {
          return last;
        }
        case 1 -> {
          return Batches.of(id, epoch, nextSequence + 1 + random.nextInt(5), records);
        }
        case 2 -> {
          epoch++;
          nextSequence = 0;
        }
        default -> {}
      }
      last = Batches.of(id, epoch, nextSequence, records);
      nextSequence += records;
      return last;
    }
  }

  /** An incarnation with its flushes. */
  private final class Node {
    private final long incarnation;
    private final List<Append> sent = new ArrayList<>();
    private long flush;
    private long lastFlush;

    Node(long incarnation) {
      this.incarnation = incarnation;
    }

    void sendNew() {
      flush += 1 + random.nextInt(2);
      Map<PartitionId, List<BatchFacts>> slices = new LinkedHashMap<>();
      for (int count = 1 + random.nextInt(3); count > 0; count--) {
        PartitionId partition = partition();
        slices.computeIfAbsent(partition, ShardHistory.this::batches);
      }
      sent.add(host.upload(new FlushId(incarnation, flush), lastFlush, slices));
      lastFlush = flush;
      send(sent.getLast());
    }

    void sendOld() {
      if (!sent.isEmpty()) {
        send(sent.get(random.nextInt(sent.size())));
      }
    }

    void sendUndecided() {
      sent.stream().filter(append -> !answers.containsKey(append.flush())).forEach(this::send);
    }

    void sendUntilDecided() {
      while (sent.stream().anyMatch(append -> !answers.containsKey(append.flush()))) {
        sendUndecided();
        host.runUntilIdle();
        host.commitAll();
      }
    }

    private void send(Append append) {
      var _ = host.send(append).thenAccept(answer -> onAnswer(append, answer));
    }
  }
}
