package io.tributary.wire;

import io.netty.channel.Channel;
import java.util.EnumSet;

/**
 * Why a connection is not read at the moment; it is read when no reason is left. Confined to the
 * connection's event loop.
 */
final class ReadGate {
  enum Reason {
    /** The memory budget is spent. */
    MEMORY,
    /** Too many requests without an answer. */
    IN_FLIGHT,
    /** The client does not read its answers. */
    SLOW_READER,
    /** The connection is going to be closed. */
    CLOSING
  }

  private final Channel channel;
  private final EnumSet<Reason> reasons = EnumSet.noneOf(Reason.class);
  private Runnable onOpen = () -> {};

  ReadGate(Channel channel) {
    this.channel = channel;
  }

  /**
   * @param onOpen what waits in memory goes before the socket is read again
   */
  void onOpen(Runnable onOpen) {
    this.onOpen = onOpen;
  }

  boolean isOpen() {
    return reasons.isEmpty();
  }

  void shut(Reason reason) {
    if (reasons.isEmpty()) {
      channel.config().setAutoRead(false);
    }
    reasons.add(reason);
  }

  void open(Reason reason) {
    if (!reasons.remove(reason) || !reasons.isEmpty()) {
      return;
    }
    onOpen.run();
    if (reasons.isEmpty()) {
      channel.config().setAutoRead(true);
    }
  }
}
