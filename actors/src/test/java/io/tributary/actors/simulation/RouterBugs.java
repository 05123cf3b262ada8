package io.tributary.actors.simulation;

import io.tributary.actors.partition.AppendAnswer;
import io.tributary.actors.partition.AppendAnswer.Decided;
import io.tributary.actors.partition.PartitionRequest.Append;
import io.tributary.actors.shard.ShardRequest;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.ShardId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Bugs in how a node takes the answers of shards to its appends. */
final class RouterBugs {
  private RouterBugs() {}

  static Sabotage resendFromIsIgnored() {
    return answers(
        (answer, _) ->
            answer instanceof AppendAnswer.ResendFrom ? new AppendAnswer.BelowFloor() : answer);
  }

  static Sabotage noAnswerIsTakenAsForgotten() {
    return answers((answer, failure) -> failure != null ? new AppendAnswer.BelowFloor() : answer);
  }

  /** Two appends to one shard that look alike get each other's answer. */
  static Sabotage answersAreMixedUp() {
    return new Sabotage() {
      @Override
      public ShardRouter router(ShardRouter sound, Surroundings surroundings) {
        return new MixingUp(sound);
      }
    };
  }

  private static Sabotage answers(
      BiFunction<@Nullable Object, @Nullable Throwable, @Nullable Object> taken) {
    return new Sabotage() {
      @Override
      public ShardRouter router(ShardRouter sound, Surroundings surroundings) {
        return new ShardRouter() {
          @Override
          @SuppressWarnings("unchecked")
          public <A> CompletionStage<A> ask(
              ShardId shard, ShardRequest<A> request, Duration timeout) {
            CompletionStage<A> answer = sound.ask(shard, request, timeout);
            return request instanceof Append
                ? (CompletionStage<A>) answer.<@Nullable Object>handle(taken::apply)
                : answer;
          }
        };
      }
    };
  }

  private static final class MixingUp implements ShardRouter {
    private final ShardRouter sound;
    private final Map<List<Object>, CompletableFuture<Object>> alike = new HashMap<>();

    MixingUp(ShardRouter sound) {
      this.sound = sound;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <A> CompletionStage<A> ask(ShardId shard, ShardRequest<A> request, Duration timeout) {
      CompletionStage<A> answer = sound.ask(shard, request, timeout);
      if (!(request instanceof Append append)) {
        return answer;
      }
      List<Object> looks = List.of(shard, append.slices().stream().map(MixingUp::looks).toList());
      CompletableFuture<Object> own = new CompletableFuture<>();
      var _ =
          answer.whenComplete(
              (value, failure) -> {
                CompletableFuture<Object> other = alike.put(looks, own);
                if (value instanceof Decided && other != null && !other.isDone()) {
                  other.complete(value);
                } else if (failure != null) {
                  own.completeExceptionally(failure);
                } else if (!(value instanceof Decided)) {
                  own.complete(value);
                }
              });
      return (CompletionStage<A>) own;
    }

    private static Object looks(PartitionSlice slice) {
      return slice.batches().size();
    }
  }
}
