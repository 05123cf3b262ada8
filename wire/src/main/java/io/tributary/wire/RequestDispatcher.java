package io.tributary.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands one connection's requests to their handlers in the order they came, and writes the answers
 * in the same order, whichever is known first. Confined to the connection's event loop.
 */
final class RequestDispatcher extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(RequestDispatcher.class);

  /** Fired into the pipeline: answer what is there, then close. */
  record FinishAndClose() {}

  private final ConnectionFacts facts;
  private final ReadGate gate;
  private final ServerRules rules;
  private final AnswerWriter writer;
  private final ArrayDeque<Frame> waiting = new ArrayDeque<>();
  private final ArrayDeque<Exchange> inFlight = new ArrayDeque<>();
  private @Nullable Exchange blocking;
  private boolean dispatching;
  private boolean flushScheduled;
  private boolean finishing;
  private boolean gone;

  RequestDispatcher(ConnectionFacts facts, ReadGate gate, ServerRules rules, AnswerWriter writer) {
    this.facts = facts;
    this.gate = gate;
    this.rules = rules;
    this.writer = writer;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    waiting.add((Frame) message);
    moveOn(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!writer.isIdle()) {
      writer.pump();
      scheduleFlush(ctx);
    }
    moveOn(ctx);
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof FinishAndClose) {
      finishing = true;
      gate.shut(ReadGate.Reason.CLOSING);
      moveOn(ctx);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone = true;
    writer.abandon();
    waiting.forEach(Frame::end);
    waiting.clear();
    // The others end when their handlers do, which may still look at the frame.
    List<Exchange> unfinished = List.copyOf(inFlight);
    inFlight.clear();
    for (Exchange exchange : unfinished) {
      if (exchange.isAnswered()) {
        exchange.end();
      } else {
        exchange.disconnected();
      }
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      // A reset: the client went away, which is its right.
      log.atDebug().addKeyValue("client", ctx.channel().remoteAddress()).log("connection lost");
    } else {
      log.atError()
          .addKeyValue("client", ctx.channel().remoteAddress())
          .setCause(cause)
          .log("connection failed");
    }
    ctx.close();
  }

  /** Writes, dispatches and reads whatever can be written, dispatched and read by now. */
  private void moveOn(ChannelHandlerContext ctx) {
    if (dispatching || gone) {
      return;
    }
    dispatching = true;
    try {
      writeAnswered(ctx);
      while (!waiting.isEmpty() && blocking == null && writer.isIdle() && !gone) {
        dispatch(ctx, waiting.remove());
        writeAnswered(ctx);
      }
    } finally {
      dispatching = false;
    }
    if (gone) {
      return;
    }
    if (finishing && inFlight.isEmpty() && waiting.isEmpty() && writer.isIdle()) {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    setGate(ReadGate.Reason.SLOW_READER, !writer.isIdle());
    setGate(ReadGate.Reason.IN_FLIGHT, inFlight.size() + waiting.size() >= rules.inFlightMax());
  }

  private void setGate(ReadGate.Reason reason, boolean shut) {
    if (shut) {
      gate.shut(reason);
    } else {
      gate.open(reason);
    }
  }

  private void dispatch(ChannelHandlerContext ctx, Frame frame) {
    ParsedRequest request;
    try {
      request = ParsedRequest.parse(frame.view());
    } catch (InvalidFrame invalid) {
      frame.end();
      gate.shut(ReadGate.Reason.CLOSING);
      rules
          .refusals()
          .requestRefused(
              ctx.channel(), "malformed request", frame.route().api().name + ": " + invalid);
      ctx.close();
      return;
    }
    Exchange exchange = new Exchange(facts, request, frame, nanoTime(ctx));
    inFlight.add(exchange);
    if (exchange.order() == Order.IN_ORDER) {
      blocking = exchange;
    }
    call(exchange).whenComplete((response, failure) -> answered(ctx, exchange, response, failure));
  }

  private static CompletionStage<AbstractResponse> call(Exchange exchange) {
    try {
      return exchange.dispatch();
    } catch (Throwable thrown) {
      return CompletableFuture.failedFuture(thrown);
    }
  }

  private void answered(
      ChannelHandlerContext ctx,
      Exchange exchange,
      @Nullable AbstractResponse response,
      @Nullable Throwable failure) {
    if (ctx.executor().inEventLoop()) {
      complete(ctx, exchange, response, failure);
      return;
    }
    try {
      ctx.executor().execute(() -> complete(ctx, exchange, response, failure));
    } catch (RejectedExecutionException stopped) {
      // The server has stopped; what is left is to give the memory back.
      exchange.end();
    }
  }

  private void complete(
      ChannelHandlerContext ctx,
      Exchange exchange,
      @Nullable AbstractResponse response,
      @Nullable Throwable failure) {
    if (gone) {
      exchange.end();
      return;
    }
    exchange.complete(response, failure);
    if (Objects.equals(blocking, exchange)) {
      blocking = null;
    }
    moveOn(ctx);
  }

  private void writeAnswered(ChannelHandlerContext ctx) {
    while (writer.isIdle() && !gone) {
      Exchange next = inFlight.peek();
      if (next == null || !next.isAnswered()) {
        return;
      }
      inFlight.remove();
      long nowNanos = nanoTime(ctx);
      switch (next.answer()) {
        case Exchange.Answer.Message(var send) -> {
          rules.metrics().requestDone(next.header().apiKey(), next.figures(nowNanos, send.size()));
          writer.write(send, next::end);
          scheduleFlush(ctx);
        }
        case Exchange.Answer.Nothing _ -> {
          rules.metrics().requestDone(next.header().apiKey(), next.figures(nowNanos, 0));
          next.end();
        }
        case Exchange.Answer.Hangup _ -> {
          next.end();
          gate.shut(ReadGate.Reason.CLOSING);
          ctx.close();
        }
      }
    }
  }

  /** Answers that become known together leave in one system call. */
  private void scheduleFlush(ChannelHandlerContext ctx) {
    if (!flushScheduled) {
      flushScheduled = true;
      ctx.executor()
          .execute(
              () -> {
                flushScheduled = false;
                ctx.flush();
              });
    }
  }

  private static long nanoTime(ChannelHandlerContext ctx) {
    return ctx.executor().ticker().nanoTime();
  }
}
