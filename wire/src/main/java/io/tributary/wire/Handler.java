package io.tributary.wire;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * Answers one Kafka API. Called on the connection's event loop: it must not block. An expected
 * refusal is an error code in the answer; an exception, thrown or in the stage, becomes the API's
 * own error answer.
 *
 * <p>A produce that asks for no acknowledgement ({@code acks=0}) is answered like any other: the
 * answer is not sent, and one that carries an error closes the connection, as in Apache Kafka.
 */
public interface Handler<Q extends AbstractRequest, A extends AbstractResponse> {
  /**
   * @param request its record buffers are views into the frame: they may be read until this method
   *     returns, or, when the handler said {@link RequestContext#keepFrame()}, until it says {@link
   *     RequestContext#releaseFrame()} or the returned stage completes
   * @return may complete on any thread
   */
  CompletionStage<A> handle(RequestContext context, Q request);
}
