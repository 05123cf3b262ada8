package io.tributary.actors.shard;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.loop.LoopActor;
import io.tributary.actors.loop.MailboxLoop;
import io.tributary.persistence.format.ShardKeys;
import io.tributary.persistence.model.ShardId;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The shell around a {@link ShardRuntime}: a sharded entity that lends it its mailbox as a loop and
 * its children as loops for the shard's parts. It holds no rule.
 */
final class ShardActor implements ShardHost {
  static final String DISPATCHER = "tributary.shard-dispatcher";

  private final ActorContext<ShardMessage> context;
  private final ActorRef<ShardMessage> self;
  private final EventLoop loop;
  private long childrenStarted;

  private ShardActor(ActorContext<ShardMessage> context) {
    this.context = context;
    self = context.getSelf();
    loop = new MailboxLoop(context.getSystem(), task -> self.tell(new ShardMessage.Run(task)));
  }

  static <Q, A> Behavior<ShardMessage> create(
      ShardId shard,
      ShardDefinition<Q, A> definition,
      ShardServices services,
      LocalShards localShards) {
    return Behaviors.setup(
        context -> {
          ShardActor actor = new ShardActor(context);
          ShardRuntime<Q, A> runtime =
              new ShardRuntime<>(new ShardKeys(shard), definition, services, actor);
          localShards.onStarted(shard, context.getSelf());
          runtime.start();
          return Behaviors.receive(
              (_, message) -> actor.onMessage(runtime, message),
              (_, signal) -> {
                if (signal instanceof PostStop) {
                  localShards.onStopped(shard, context.getSelf());
                  runtime.kill();
                }
                return Behaviors.same();
              });
        });
  }

  private <Q, A> Behavior<ShardMessage> onMessage(
      ShardRuntime<Q, A> runtime, ShardMessage message) {
    try {
      return switch (message) {
        case ShardMessage.Run(var task) -> {
          task.run();
          yield Behaviors.same();
        }
        case ShardMessage.Ask ask -> {
          onAsk(runtime, ask);
          yield Behaviors.same();
        }
        case ShardMessage.Ping _ -> Behaviors.same();
        case ShardMessage.Broke(var failure) -> {
          runtime.onBroken(failure);
          yield Behaviors.same();
        }
        case ShardMessage.Release _ -> {
          runtime.release(() -> self.tell(new ShardMessage.Released()));
          yield Behaviors.same();
        }
        case ShardMessage.Released _ -> Behaviors.stopped();
      };
    } catch (RuntimeException failure) {
      runtime.onBroken(failure);
      return Behaviors.same();
    }
  }

  /** A kind of shard is only ever asked its own kind of request, and answers as it promises. */
  @SuppressWarnings("unchecked")
  private static <Q, A> void onAsk(ShardRuntime<Q, A> runtime, ShardMessage.Ask ask) {
    runtime.onRequest((Q) ask.request(), (ShardReply<A>) ask.reply());
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public ShardContext.ChildLoop startChild(String name) {
    childrenStarted++;
    ActorRef<LoopActor.Run> child =
        context.spawn(
            LoopActor.create(failure -> self.tell(new ShardMessage.Broke(failure))),
            name + "." + childrenStarted,
            DispatcherSelector.fromConfig(DISPATCHER));
    return new Child(child);
  }

  private final class Child implements ShardContext.ChildLoop {
    private final ActorRef<LoopActor.Run> actor;
    private final EventLoop mailbox;

    Child(ActorRef<LoopActor.Run> actor) {
      this.actor = actor;
      mailbox = new MailboxLoop(context.getSystem(), task -> actor.tell(new LoopActor.Run(task)));
    }

    @Override
    public void execute(Runnable task) {
      mailbox.execute(task);
    }

    @Override
    public long nanoTime() {
      return mailbox.nanoTime();
    }

    @Override
    public long wallMs() {
      return mailbox.wallMs();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return mailbox.schedule(delay, task);
    }

    @Override
    public void stop() {
      context.stop(actor);
    }
  }
}
