package io.tributary.wire;

/** When the next request of a connection may be dispatched. Answers always leave in order. */
public enum Order {
  /** Only after this request's answer is known. */
  IN_ORDER,
  /** As soon as {@link Handler#handle} has returned; the answer may come much later. */
  PIPELINED
}
