package io.tributary.wire;

import org.apache.kafka.common.protocol.ApiKeys;

/** What the wire tells whoever counts. Called on event loops: must neither block nor throw. */
public interface WireMetrics {
  /** Counts nothing. */
  WireMetrics NONE =
      new WireMetrics() {
        @Override
        public void requestDone(ApiKeys api, RequestFigures figures) {}

        @Override
        public void connectionRefused(String reason) {}

        @Override
        public void requestRefused(String reason) {}
      };

  /** A request's answer was handed to the socket (or, without an answer, its handler is done). */
  void requestDone(ApiKeys api, RequestFigures figures);

  /** A connection was closed as soon as it was accepted. */
  void connectionRefused(String reason);

  /** A connection was closed for what it sent. */
  void requestRefused(String reason);

  /**
   * @param latencyNanos from the last byte of the request to its answer's turn to be written
   * @param requestBytes without the four bytes of its length
   * @param answerBytes 0 without an answer
   */
  record RequestFigures(long latencyNanos, int requestBytes, long answerBytes) {}
}
