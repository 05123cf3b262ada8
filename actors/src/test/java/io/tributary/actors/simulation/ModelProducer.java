package io.tributary.actors.simulation;

import io.tributary.actors.intake.AppendOutcome;
import io.tributary.actors.simulation.ModelBatch.Attempt;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A producer as Kafka's clients are: batches of one partition, several in flight on one connection,
 * sent again until acknowledged.
 */
final class ModelProducer {
  private static final int IN_FLIGHT_MAX = 5;
  private static final long BETWEEN_NANOS_MAX = 700_000_000L;
  private static final long RETRY_NANOS = 100_000_000L;
  private static final long TIMEOUT_NANOS = 4_000_000_000L;
  private static final int RAISES_EPOCH_ONE_IN = 40;

  private final World world;
  private final PartitionId partition;
  private final ModelBatch.Producer producer;
  private final SplittableRandom random;
  private final Deque<Unacknowledged> pending = new ArrayDeque<>();
  private int left;
  private short epoch;
  private int nextNumber;
  private int nextSequence;
  private @Nullable Connection connection;

  /** A batch on its way, and its newest sending. */
  private static final class Unacknowledged {
    private final ModelBatch batch;
    private int attempts;
    private long notBeforeNanos;
    private @Nullable Attempt inFlight;
    private @Nullable Connection over;
    private boolean sentFirst;

    Unacknowledged(ModelBatch batch) {
      this.batch = batch;
    }
  }

  /**
   * @param batches how many it wants in the log
   */
  ModelProducer(World world, PartitionId partition, ModelBatch.Producer producer, int batches) {
    this.world = world;
    this.partition = partition;
    this.producer = producer;
    this.random = world.chance();
    this.left = batches;
  }

  void start() {
    world.time().after(random.nextLong(BETWEEN_NANOS_MAX), this::produce);
  }

  boolean isDone() {
    return left == 0 && pending.isEmpty();
  }

  @Override
  public String toString() {
    return producer + " with " + left + " batches left and " + pending.size() + " on their way";
  }

  private void produce() {
    if (producer.idempotent() && random.nextInt(RAISES_EPOCH_ONE_IN) == 0) {
      raiseEpoch();
    }
    int burst = 1 + random.nextInt(3);
    for (int i = 0; i < burst && left > 0 && mayProduce(); i++) {
      int records = 1 + random.nextInt(4);
      pending.add(
          new Unacknowledged(
              new ModelBatch(partition, producer, epoch, nextNumber++, nextSequence, records)));
      nextSequence += records;
      left--;
    }
    send();
    if (left > 0) {
      start();
    }
  }

  /** What is not acknowledged lies within so many batches, or the log could not know repeats. */
  private boolean mayProduce() {
    Unacknowledged first = pending.peekFirst();
    return first == null || nextNumber - first.batch.number() < IN_FLIGHT_MAX;
  }

  /** As a producer that gave up what it had sent: that may be in the log, or not. */
  private void raiseEpoch() {
    world.faults().hit(Fault.PRODUCER_EPOCH_RAISED);
    pending.clear();
    disconnect();
    epoch++;
    nextNumber = 0;
    nextSequence = 0;
  }

  private void send() {
    for (Unacknowledged next : pending) {
      if (next.inFlight == null) {
        if (next.notBeforeNanos > world.time().nowNanos()) {
          return;
        }
        send(next);
      }
    }
  }

  private void send(Unacknowledged next) {
    Connection over = connected();
    if (over == null) {
      retry(next);
      return;
    }
    Attempt attempt = next.batch.attempt(next.attempts++, over.id(), over.nextOrder());
    next.inFlight = attempt;
    next.over = over;
    next.sentFirst = pending.peekFirst() == next;
    ByteBuffer bytes = next.batch.bytes(attempt);
    over.send(
        () ->
            over.node()
                .intake
                .append(partition, bytes, next.batch.facts(bytes.remaining()))
                .whenComplete(
                    (outcome, _) -> over.answer(() -> onOutcome(next, attempt, outcome))));
    world.time().after(TIMEOUT_NANOS, () -> onTimeout(next, attempt));
    if (world.faults().strikes(Fault.CONNECTION_BROKEN, random)) {
      world.time().after(random.nextLong(RETRY_NANOS), () -> disconnectFrom(over));
    }
  }

  private @Nullable Connection connected() {
    if (connection == null) {
      List<SimulatedNode> nodes = world.nodes();
      if (!nodes.isEmpty()) {
        connection = new Connection(world, nodes.get(random.nextInt(nodes.size())), random.split());
      }
    }
    return connection;
  }

  private void onTimeout(Unacknowledged waiting, Attempt attempt) {
    if (attempt.equals(waiting.inFlight) && waiting.over != null) {
      world.faults().hit(Fault.CLIENT_TIMEOUT);
      disconnectFrom(waiting.over);
    }
  }

  private void disconnectFrom(Connection broken) {
    if (connection == broken) {
      disconnect();
      world.time().after(random.nextLong(RETRY_NANOS), this::send);
    }
  }

  private void disconnect() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
    pending.forEach(waiting -> waiting.inFlight = null);
  }

  private void onOutcome(Unacknowledged waiting, Attempt attempt, AppendOutcome outcome) {
    if (!attempt.equals(waiting.inFlight)) {
      return;
    }
    switch (outcome) {
      case AppendOutcome.Appended(long baseOffset, long _) -> {
        world.ledger().partition(partition).onAcknowledged(waiting.batch, attempt, baseOffset);
        pending.remove(waiting);
        send();
      }
      case AppendOutcome.Refused(Refusal reason) -> {
        boolean mayBe =
            producer.idempotent() && reason == Refusal.OUT_OF_ORDER_SEQUENCE && !waiting.sentFirst;
        world.violations().check(mayBe, attempt + " was refused: " + reason);
        retry(waiting);
      }
      case AppendOutcome.Undecided _ -> {
        world.faults().hit(Fault.BATCH_UNDECIDED);
        retry(waiting);
      }
    }
  }

  private void retry(Unacknowledged waiting) {
    waiting.inFlight = null;
    waiting.notBeforeNanos = world.time().nowNanos() + RETRY_NANOS;
    world.time().after(RETRY_NANOS, this::send);
  }
}
