package io.tributary.node.produce;

import io.tributary.actors.intake.LogWriter;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;

/**
 * Produce, versions 3 to 13. {@code acks=1} means the same as {@code all}. Requests of a connection
 * are pipelined: each enters the log in its turn and is answered when its batches are durable and
 * sequenced.
 *
 * <p>No error says more than is known: what is not decided in time is NOT_LEADER_OR_FOLLOWER or
 * REQUEST_TIMED_OUT, which producers retry.
 */
public final class ProduceHandler implements Handler<ProduceRequest, ProduceResponse> {
  /** A producer that asks for less would see only time-outs. */
  private static final int TIMEOUT_MS_MIN = 1_000;

  private final BatchChecks checks;
  private final LogWriter log;
  private final Map<Long, ProducingConnection> connections = new ConcurrentHashMap<>();

  public ProduceHandler(
      ProduceTopics topics, LogWriter log, InflationPool inflation, InstantSource clock) {
    this.checks = new BatchChecks(topics, inflation, clock);
    this.log = log;
  }

  @Override
  public CompletionStage<ProduceResponse> handle(RequestContext context, ProduceRequest request) {
    long timeoutMs = Math.max(request.timeout(), TIMEOUT_MS_MIN);
    ProduceRound round =
        new ProduceRound(
            context, request, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs));
    ProducingConnection connection = connectionOf(context);
    if (request.acks() < -1 || request.acks() > 1) {
      round.rejectAll(Errors.INVALID_REQUIRED_ACKS);
    } else {
      for (ProducedPartition partition : round.partitions()) {
        checks.check(round, partition, connection::proceed);
      }
    }
    context.onDisconnect(connection::onDisconnected);
    connection.begin(round);
    connection.proceed();
    return round.answer();
  }

  private ProducingConnection connectionOf(RequestContext context) {
    return connections.computeIfAbsent(
        context.connectionId(),
        id -> new ProducingConnection(context.eventLoop(), log, () -> connections.remove(id)));
  }
}
