package io.tributary.actors.loop;

import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** An actor that only lends its turns to a {@link MailboxLoop}. */
public final class LoopActor {
  private LoopActor() {}

  /**
   * @param task not null
   */
  public record Run(Runnable task) {}

  /**
   * @param onFailure what becomes of what a task throws; called on the actor's thread
   */
  public static Behavior<Run> create(Consumer<Throwable> onFailure) {
    return Behaviors.receiveMessage(
        run -> {
          try {
            run.task().run();
          } catch (RuntimeException failure) {
            onFailure.accept(failure);
          }
          return Behaviors.same();
        });
  }
}
