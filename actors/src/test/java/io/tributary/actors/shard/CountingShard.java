package io.tributary.actors.shard;

import io.tributary.persistence.Bytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A shard that adds up numbers: decides ahead of the commit, answers on it. Its answer to {@link
 * Add} is the sum right after that addition, so two answers are never the same unless something was
 * lost or served twice.
 */
final class CountingShard implements ShardLogic<CountingShard.Request, Long> {
  /** The answer to {@link Read} without the right to serve. */
  static final long NO_RIGHT = -1;

  private final ShardContext context;
  private long sum;

  sealed interface Request extends ShardRequest<Long> {}

  /**
   * @param amount above 0
   */
  record Add(long amount) implements Request {}

  /** The newest sum. */
  record Read() implements Request {}

  /** Throws. */
  record Break() implements Request {}

  CountingShard(ShardContext context) {
    this.context = context;
  }

  static ShardDefinition<Request, Long> definition(CheckpointSettings checkpoints) {
    return new ShardDefinition<>(CountingShard::new, checkpoints);
  }

  @Override
  public CompletionStage<Void> restore(Optional<Bytes> checkpointRoot) {
    sum = checkpointRoot.map(root -> root.asByteBuffer().getLong()).orElse(0L);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Void> replay(List<Bytes> records) {
    records.forEach(record -> sum += record.asByteBuffer().getLong());
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void onServing() {}

  @Override
  public void onRequest(Request request, Consumer<Long> reply) {
    switch (request) {
      case Add(long amount) -> {
        sum += amount;
        long after = sum;
        context.journal().append(number(amount), () -> reply.accept(after));
      }
      case Read _ -> reply.accept(context.journal().hasRightToServe() ? sum : NO_RIGHT);
      case Break _ -> throw new IllegalStateException("asked to break");
    }
  }

  @Override
  public CompletionStage<Bytes> checkpoint() {
    return CompletableFuture.completedStage(number(sum));
  }

  @Override
  public void onStopped() {}

  private static Bytes number(long value) {
    return Bytes.copyOf(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
  }
}
