package io.tributary.actors.simulation;

import io.tributary.actors.partition.AppendAnswer;
import io.tributary.actors.partition.PartitionRequest;
import io.tributary.actors.partition.PartitionRequest.Append;
import io.tributary.actors.shard.ShardContext;
import io.tributary.actors.shard.ShardLogic;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.DamagedException;
import io.tributary.persistence.format.IntakeFooter;
import io.tributary.persistence.format.IntakeObjectFormat;
import io.tributary.persistence.format.IntakeObjectFormat.FooterRead;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.objects.ObjectStore.GetOutcome;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The bug of a shard without cursors: what is asked again is taken as something new. */
final class RepeatingLogic extends AlteredLogic {
  private static final long INCARNATIONS_AWAY = 1_000_000;

  private final Sabotage.Surroundings surroundings;
  private final Set<FlushId> decided = new HashSet<>();

  RepeatingLogic(
      ShardContext context,
      ShardLogic<PartitionRequest<?>, Object> logic,
      Sabotage.Surroundings surroundings) {
    super(logic);
    this.surroundings = surroundings;
  }

  @Override
  public void onRequest(PartitionRequest<?> request, Consumer<Object> reply) {
    if (!(request instanceof Append append)) {
      super.onRequest(request, reply);
    } else if (decided.contains(append.flush())) {
      super.onRequest(renamed(append), reply);
    } else {
      super.onRequest(
          request,
          answer -> {
            if (answer instanceof AppendAnswer.Decided) {
              decided.add(append.flush());
            }
            reply.accept(answer);
          });
    }
  }

  /** The same slices in an object of another name, for an object has one place in a log. */
  private Append renamed(Append append) {
    FlushId name =
        new FlushId(surroundings.random().nextLong(INCARNATIONS_AWAY, Long.MAX_VALUE), 1);
    if (surroundings.stores().read(objects -> objects.get(ObjectNames.intake(append.flush())))
        instanceof GetOutcome.Found(Bytes object, long _)) {
      try {
        if (IntakeObjectFormat.readFooter("it", append.flush(), object, object.length())
            instanceof FooterRead.Complete(IntakeFooter footer)) {
          PartitionSlice last = footer.slices().getLast();
          int end = last.position() + last.lengthBytes();
          Bytes body =
              object.slice(IntakeObjectFormat.HEADER_BYTES, end - IntakeObjectFormat.HEADER_BYTES);
          surroundings
              .stores()
              .put(
                  ObjectNames.intake(name),
                  IntakeObjectFormat.assemble(name, footer.slices(), List.of(body)));
        }
      } catch (DamagedException damaged) {
        throw new IllegalStateException(damaged);
      }
    }
    return new Append(name, 0, append.slices());
  }
}
