package io.tributary.node.produce;

import io.tributary.persistence.model.BatchFacts;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ProduceResponse.RecordError;

/** Whether a batch may enter the log. */
sealed interface BatchVerdict {
  /**
   * @param batch what enters the log: the produced bytes where they stand, or rebuilt ones
   * @param logAppendTimeMs -1 when the topic keeps the producer's timestamps
   */
  record Accepted(ByteBuffer batch, BatchFacts facts, long logAppendTimeMs)
      implements BatchVerdict {}

  /**
   * @param message for people
   * @param recordErrors which records are to blame; empty when it is the whole batch
   */
  record Rejected(Errors error, String message, List<RecordError> recordErrors)
      implements BatchVerdict {
    Rejected(Errors error, String message) {
      this(error, message, List.of());
    }
  }
}
