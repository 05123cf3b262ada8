package io.tributary.node.produce;

import org.apache.kafka.common.protocol.Errors;

/** The records of a batch are not what its header says. Carries no stack: it is an answer. */
final class MalformedRecordsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Errors error;

  MalformedRecordsException(String message) {
    this(Errors.INVALID_RECORD, message);
  }

  MalformedRecordsException(Errors error, String message) {
    super(message, null, false, false);
    this.error = error;
  }

  Errors error() {
    return error;
  }
}
