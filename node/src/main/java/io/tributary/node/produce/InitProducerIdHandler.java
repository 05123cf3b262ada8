package io.tributary.node.produce;

import io.tributary.actors.intake.ProducerIds;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;

/**
 * InitProducerId for idempotent producers: each gets an id of its own at epoch 0, also one that
 * comes with an old id, as in Kafka.
 *
 * <p>Transactional producers are refused by UNSUPPORTED_VERSION: no client retries it, and all of
 * them explain it as something that the broker cannot do.
 */
public final class InitProducerIdHandler
    implements Handler<InitProducerIdRequest, InitProducerIdResponse> {
  private final ProducerIds ids;

  public InitProducerIdHandler(ProducerIds ids) {
    this.ids = ids;
  }

  @Override
  public CompletionStage<InitProducerIdResponse> handle(
      RequestContext context, InitProducerIdRequest request) {
    String transactionalId = request.data().transactionalId();
    if (transactionalId != null) {
      // Kafka's own answer to an empty transactional id.
      return CompletableFuture.completedFuture(
          refusal(transactionalId.isEmpty() ? Errors.INVALID_REQUEST : Errors.UNSUPPORTED_VERSION));
    }
    return ids.take()
        .thenApply(
            id ->
                id.isPresent()
                    ? new InitProducerIdResponse(
                        new InitProducerIdResponseData()
                            .setProducerId(id.getAsLong())
                            .setProducerEpoch((short) 0))
                    : refusal(Errors.COORDINATOR_LOAD_IN_PROGRESS));
  }

  private static InitProducerIdResponse refusal(Errors error) {
    return new InitProducerIdResponse(
        new InitProducerIdResponseData()
            .setErrorCode(error.code())
            .setProducerId(RecordBatch.NO_PRODUCER_ID)
            .setProducerEpoch(RecordBatch.NO_PRODUCER_EPOCH));
  }
}
