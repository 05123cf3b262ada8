package io.tributary.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one connection's byte stream into {@link Frame}s and trusts no length in it. Confined to the
 * connection's event loop.
 *
 * <p>Bytes come first into a small <em>scratch</em> buffer, where length and API key are looked at
 * before anything is allocated. A frame that does not fit there gets a buffer of its own, into
 * which the socket is read directly ({@link #lend}). A connection's first large frame gets memory
 * as its bytes arrive: a little, then what an ordinary request needs, then doubling. One that has
 * proved itself gets at once what it announces, up to its largest frame so far. Memory is taken
 * from the budget before it is allocated; when there is none, the socket is not read.
 */
final class FrameReader extends ChannelInboundHandlerAdapter {
  /** What an idle or stalled connection can hold outside the budget. */
  static final int SCRATCH_BYTES = 8 << 10;

  private static final int LENGTH_BYTES = 4;
  private static final int PEEKED_BYTES = LENGTH_BYTES + 4;
  // API key, version and correlation id.
  private static final int FRAME_BYTES_MIN = 8;
  private static final int FIRST_BYTES = 4 * SCRATCH_BYTES;
  // Producers' usual bound (max.request.size). Getting there in few steps matters: when many begin
  // at once, memory must not end up in many halves of frames.
  private static final int ORDINARY_BYTES = 1 << 20;
  private static final int CHECKS_PER_STALL = 8;
  // A frame may stay incomplete for this long even if it grows: clients give up earlier.
  private static final int INCOMPLETE_CHECKS_MAX = 4 * CHECKS_PER_STALL;

  private final FrameRules rules;
  private final ReadGate gate;
  private final ArrayDeque<ByteBuf> input = new ArrayDeque<>();
  private @Nullable ByteBuf scratch;
  private @Nullable ByteBuf lent;
  private @Nullable ByteBuf lentOf;
  private @Nullable Incomplete incomplete;
  private int provenBytes = FIRST_BYTES;
  private boolean draining;
  private boolean gone;
  private long receivedBytes;
  private @Nullable Future<?> stallCheck;
  private long receivedAtCheck;
  private int quietChecks;

  FrameReader(FrameRules rules, ReadGate gate) {
    this.rules = rules;
    this.gate = gate;
  }

  /** A frame whose bytes have not all arrived; {@code bytes} is null until memory was granted. */
  private static final class Incomplete {
    final Route route;
    final int size;
    final MemoryBudget.Claim claim;
    @Nullable ByteBuf bytes;
    int capacity;
    int checks;

    Incomplete(Route route, int size, MemoryBudget.Claim claim) {
      this.route = route;
      this.size = size;
      this.claim = claim;
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    gate.onOpen(() -> drain(ctx));
  }

  /** The buffer that the next bytes of the socket go into. */
  ByteBuf lend(ByteBufAllocator allocator) {
    ByteBuf target = gate.isOpen() ? target(allocator) : null;
    if (target == null) {
      // A closing peer is read although reading is off; its bytes wait in the input queue.
      return allocator.directBuffer(SCRATCH_BYTES);
    }
    lentOf = target;
    lent = target.retainedSlice(target.writerIndex(), target.writableBytes()).writerIndex(0);
    return lent;
  }

  private @Nullable ByteBuf target(ByteBufAllocator allocator) {
    if (incomplete != null) {
      return incomplete.bytes;
    }
    if (scratch == null) {
      scratch = allocator.directBuffer(SCRATCH_BYTES, SCRATCH_BYTES);
    } else if (scratch.writableBytes() < SCRATCH_BYTES / 2) {
      scratch.discardReadBytes();
    }
    return scratch;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    receivedBytes += in.readableBytes();
    if (in == lent && lentOf != null) {
      lentOf.writerIndex(lentOf.writerIndex() + in.readableBytes());
      lent = null;
      in.release();
    } else {
      input.add(in);
    }
    drain(ctx);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (scratch != null && !scratch.isReadable()) {
      scratch.release();
      scratch = null;
    }
    if (stallCheck == null && isWithinFrame() && !gone) {
      quietChecks = 0;
      scheduleStallCheck(ctx);
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    gone = true;
    if (stallCheck != null) {
      stallCheck.cancel(false);
    }
    if (scratch != null) {
      scratch.release();
      scratch = null;
    }
    if (incomplete != null) {
      drop(incomplete);
      incomplete = null;
    }
    input.forEach(ByteBuf::release);
    input.clear();
  }

  private void drain(ChannelHandlerContext ctx) {
    if (draining) {
      return;
    }
    draining = true;
    try {
      boolean progress = true;
      while (progress && gate.isOpen() && !gone) {
        progress = incomplete == null ? begin(ctx) : proceed(ctx, incomplete);
      }
    } finally {
      draining = false;
    }
  }

  /** Looks at the next frame's first bytes; false when more must arrive. */
  private boolean begin(ChannelHandlerContext ctx) {
    fillFromInput(ctx);
    ByteBuf in = scratch;
    if (in == null || in.readableBytes() < LENGTH_BYTES) {
      return false;
    }
    int size = in.getInt(in.readerIndex());
    if (size < FRAME_BYTES_MIN || size > rules.bytesMax(MemoryClass.RECORDS)) {
      return refuse(ctx, "frame size", size + " bytes");
    }
    if (in.readableBytes() < PEEKED_BYTES) {
      return false;
    }
    short apiKey = in.getShort(in.readerIndex() + LENGTH_BYTES);
    short version = in.getShort(in.readerIndex() + LENGTH_BYTES + 2);
    Route route = rules.table().find(apiKey);
    if (route == null) {
      return refuse(ctx, "unknown API", "API key " + apiKey);
    }
    // Only ApiVersions has an answer for versions that we do not know.
    if (!route.serves(version) && route.api() != ApiKeys.API_VERSIONS) {
      return refuse(ctx, "unknown version", route.api().name + " " + version);
    }
    if (size > rules.bytesMax(route.memory())) {
      return refuse(ctx, "frame size", size + " bytes for " + route.api().name);
    }
    if (in.readableBytes() < Math.min(LENGTH_BYTES + size, SCRATCH_BYTES)) {
      return false;
    }
    in.skipBytes(LENGTH_BYTES);
    MemoryBudget budget = rules.budget(route.memory());
    Incomplete frame = new Incomplete(route, size, budget.claim(() -> grantedElsewhere(ctx)));
    incomplete = frame;
    frame.capacity = (int) Math.min(Math.min(size, provenBytes), budget.startBytesMax());
    if (frame.claim.take(frame.capacity)) {
      allocate(ctx, frame);
    } else {
      gate.shut(ReadGate.Reason.MEMORY);
    }
    return true;
  }

  /** Moves bytes that are here into the frame; false when more must arrive. */
  private boolean proceed(ChannelHandlerContext ctx, Incomplete frame) {
    ByteBuf bytes = frame.bytes;
    if (bytes == null) {
      return false;
    }
    for (ByteBuf in = nextInput(); in != null && bytes.isWritable(); in = nextInput()) {
      in.readBytes(bytes, Math.min(in.readableBytes(), bytes.writableBytes()));
    }
    if (bytes.isWritable()) {
      return false;
    }
    if (bytes.writerIndex() == frame.size) {
      incomplete = null;
      provenBytes = Math.max(provenBytes, frame.size);
      ctx.fireChannelRead(new Frame(frame.route, bytes, frame.claim));
      return true;
    }
    int more = nextCapacity(frame) - frame.capacity;
    frame.capacity += more;
    if (frame.claim.take(more)) {
      allocate(ctx, frame);
    } else {
      gate.shut(ReadGate.Reason.MEMORY);
    }
    return true;
  }

  private static int nextCapacity(Incomplete frame) {
    int next = Math.max(ORDINARY_BYTES, 2 * frame.capacity);
    return frame.size - next < next / 4 ? frame.size : next;
  }

  private void allocate(ChannelHandlerContext ctx, Incomplete frame) {
    ByteBuf before = frame.bytes;
    ByteBuf bytes =
        frame.size <= SCRATCH_BYTES - LENGTH_BYTES
            // Small ones are left to the garbage collector: cheap, and safe to look at too late.
            ? Unpooled.wrappedBuffer(new byte[frame.size]).writerIndex(0)
            : ctx.alloc().directBuffer(frame.capacity, frame.capacity);
    if (before != null) {
      bytes.writeBytes(before);
      before.release();
    }
    frame.bytes = bytes;
  }

  private void grantedElsewhere(ChannelHandlerContext ctx) {
    try {
      ctx.executor().execute(() -> granted(ctx));
    } catch (RejectedExecutionException stopped) {
      // The loop has ended, and with it every connection: handlerRemoved gave the memory back.
      gone = true;
    }
  }

  private void granted(ChannelHandlerContext ctx) {
    if (!gone && incomplete != null) {
      allocate(ctx, incomplete);
      gate.open(ReadGate.Reason.MEMORY);
    }
  }

  private @Nullable ByteBuf nextInput() {
    if (scratch != null && scratch.isReadable()) {
      return scratch;
    }
    while (!input.isEmpty() && !input.element().isReadable()) {
      input.remove().release();
    }
    return input.peek();
  }

  private void fillFromInput(ChannelHandlerContext ctx) {
    if (input.isEmpty()) {
      return;
    }
    ByteBuf to = target(ctx.alloc());
    while (to != null && !input.isEmpty()) {
      ByteBuf in = input.element();
      if (in.readableBytes() > to.writableBytes()) {
        to.discardReadBytes();
      }
      if (!to.isWritable()) {
        return;
      }
      in.readBytes(to, Math.min(in.readableBytes(), to.writableBytes()));
      if (!in.isReadable()) {
        input.remove().release();
      }
    }
  }

  private boolean isWithinFrame() {
    return incomplete != null || (scratch != null && scratch.isReadable());
  }

  private void scheduleStallCheck(ChannelHandlerContext ctx) {
    receivedAtCheck = receivedBytes;
    long everyNanos = TimeUnit.MILLISECONDS.toNanos(rules.stallMs()) / CHECKS_PER_STALL;
    stallCheck = ctx.executor().schedule(() -> checkStall(ctx), everyNanos, TimeUnit.NANOSECONDS);
  }

  private void checkStall(ChannelHandlerContext ctx) {
    stallCheck = null;
    if (gone || !isWithinFrame()) {
      return;
    }
    // While we do not read, the client cannot be blamed.
    if (gate.isOpen() && isStalled()) {
      refuse(ctx, "stalled frame", "stall time-out " + rules.stallMs() + " ms");
      return;
    }
    scheduleStallCheck(ctx);
  }

  private boolean isStalled() {
    quietChecks = receivedBytes == receivedAtCheck ? quietChecks + 1 : 0;
    if (quietChecks >= CHECKS_PER_STALL) {
      return true;
    }
    if (incomplete == null) {
      return false;
    }
    // Memory that nothing arrives in is not left to it while others wait for memory.
    boolean hindersOthers = quietChecks > 0 && rules.budget(incomplete.route.memory()).isShort();
    return hindersOthers || ++incomplete.checks > INCOMPLETE_CHECKS_MAX;
  }

  private boolean refuse(ChannelHandlerContext ctx, String reason, String detail) {
    gate.shut(ReadGate.Reason.CLOSING);
    rules.refusals().requestRefused(ctx.channel(), reason, detail);
    ctx.close();
    return false;
  }

  private static void drop(Incomplete frame) {
    if (frame.bytes != null) {
      frame.bytes.release();
    }
    frame.claim.close();
  }
}
