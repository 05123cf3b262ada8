package io.tributary.wire;

/** A frame that is not a request: its connection is closed, as Apache Kafka does. */
final class InvalidFrame extends Exception {
  private static final long serialVersionUID = 1;

  InvalidFrame(String message, Throwable cause) {
    super(message, cause, false, false);
  }
}
