package io.tributary.wire;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs connections that are closed for what they sent. At most one line a second, since
 * strangers decide how often it happens.
 */
final class Refusals {
  private static final Logger log = LoggerFactory.getLogger(Refusals.class);
  private static final long LINE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final WireMetrics metrics;
  private final Ticker ticker;
  private final AtomicLong nextLineNanos;
  private final AtomicLong unlogged = new AtomicLong();

  Refusals(WireMetrics metrics, Ticker ticker) {
    this.metrics = metrics;
    this.ticker = ticker;
    this.nextLineNanos = new AtomicLong(ticker.nanoTime());
  }

  /**
   * @param reason a fixed phrase, counted
   * @param detail what exactly was sent; logged
   */
  void requestRefused(Channel channel, String reason, String detail) {
    metrics.requestRefused(reason);
    line(channel, reason, detail);
  }

  void connectionRefused(Channel channel, String reason) {
    metrics.connectionRefused(reason);
    line(channel, reason, "");
  }

  private void line(Channel channel, String reason, String detail) {
    long now = ticker.nanoTime();
    long next = nextLineNanos.get();
    if (now - next < 0 || !nextLineNanos.compareAndSet(next, now + LINE_EVERY_NANOS)) {
      unlogged.incrementAndGet();
      return;
    }
    log.atWarn()
        .addKeyValue("client", channel.remoteAddress())
        .addKeyValue("reason", reason)
        .addKeyValue("detail", detail)
        .addKeyValue("unlogged", unlogged.getAndSet(0))
        .log("connection closed");
  }
}
