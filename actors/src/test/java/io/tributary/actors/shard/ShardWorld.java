package io.tributary.actors.shard;

import io.tributary.actors.cluster.NodeRegistration;
import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.loop.ManualEventLoop;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.persistence.format.ShardKeys;
import io.tributary.persistence.metadata.MemoryMetadataStore;
import io.tributary.persistence.model.NodeRecord;
import io.tributary.persistence.model.NodeRecord.Address;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import io.tributary.persistence.objects.MemoryObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Nodes that want the same shard, over one faulty metadata store, in virtual time: the production
 * classes, without Pekko.
 */
final class ShardWorld {
  static final ShardKeys KEYS = new ShardKeys(new ShardId(ShardKind.GROUPS, 1));

  final VirtualTime time;
  final FaultyMetadataStore metadata;
  final MemoryMetadataStore memory;
  private final MemoryObjectStore objects;
  private final CheckpointSettings checkpoints;
  private long incarnations;

  ShardWorld(VirtualTime time, CheckpointSettings checkpoints) {
    this.time = time;
    this.checkpoints = checkpoints;
    ManualEventLoop storeLoop = time.loop("stores");
    memory = new MemoryMetadataStore(storeLoop);
    metadata = new FaultyMetadataStore(memory, false);
    objects = new MemoryObjectStore(storeLoop);
  }

  Node node(String name) {
    return new Node(name, ++incarnations);
  }

  /** An answer that came, or did not. */
  static final class Reply implements ShardReply<Long> {
    private Optional<Long> answer = Optional.empty();
    private boolean unavailable;

    Optional<Long> answer() {
      return answer;
    }

    boolean isUnavailable() {
      return unavailable;
    }

    boolean isDone() {
      return unavailable || answer.isPresent();
    }

    @Override
    public void answer(Long value) {
      checkFirst();
      answer = Optional.of(value);
    }

    @Override
    public void unavailable(String why) {
      checkFirst();
      unavailable = true;
    }

    private void checkFirst() {
      if (isDone()) {
        throw new AssertionError("a request was answered twice");
      }
    }
  }

  /** One incarnation of a node, with a runtime of the shard. */
  final class Node implements ShardHost {
    final long incarnation;
    private final String name;
    private final List<ManualEventLoop> loops = new ArrayList<>();
    private final ManualEventLoop shardLoop;
    private final ServingRight right;
    private final NodeRegistration registration;
    private final ShardRuntime<CountingShard.Request, Long> runtime;

    private Node(String name, long incarnation) {
      this.name = name;
      this.incarnation = incarnation;
      shardLoop = newLoop("shard");
      ManualEventLoop nodeLoop = newLoop("node");
      right = ServingRight.renewable(time.nowNanos());
      registration = new NodeRegistration(metadata, nodeLoop, right, time.random());
      Heartbeats heartbeats = new Heartbeats(metadata, nodeLoop);
      FencedWriter writer = new FencedWriter(metadata, newLoop("writer"), time.random());
      ShardServices services =
          new ShardServices(
              metadata, objects, writer, heartbeats, right, incarnation, time.random());
      runtime = new ShardRuntime<>(KEYS, CountingShard.definition(checkpoints), services, this);
      shardLoop.onFailure(runtime::onBroken);
      heartbeats.start();
      registration.announce(record());
      shardLoop.execute(runtime::start);
    }

    private NodeRecord record() {
      Address nowhere = new Address("127.0.0.1", 1);
      return new NodeRecord(name, incarnation, 1, nowhere, nowhere, "", "", "test", 0, 0);
    }

    private ManualEventLoop newLoop(String of) {
      ManualEventLoop loop = time.loop(name + "." + incarnation + "." + of);
      loops.add(loop);
      return loop;
    }

    Reply ask(CountingShard.Request request) {
      Reply reply = new Reply();
      shardLoop.execute(() -> runtime.onRequest(request, reply));
      return reply;
    }

    /** Asks and waits for the answer. */
    Reply await(CountingShard.Request request) {
      Reply reply = ask(request);
      time.advanceUntil(reply::isDone, Duration.ofSeconds(60));
      return reply;
    }

    /** The newest sum; waits for the right to say it. */
    long read() {
      for (int tries = 0; tries < 1_000; tries++) {
        long answer = await(new CountingShard.Read()).answer().orElse(CountingShard.NO_RIGHT);
        if (answer != CountingShard.NO_RIGHT) {
          return answer;
        }
        time.advance(Duration.ofMillis(50));
      }
      throw new AssertionError("node " + name + " never had the right to serve");
    }

    boolean isServing() {
      return runtime.isServing();
    }

    void awaitServing() {
      time.advanceUntil(this::isServing, Duration.ofSeconds(60));
    }

    void release(Runnable stopped) {
      shardLoop.execute(() -> runtime.release(stopped));
    }

    /** The process stands still, as under SIGSTOP. */
    void pause() {
      loops.forEach(ManualEventLoop::pause);
    }

    void resume() {
      loops.forEach(ManualEventLoop::resume);
    }

    void crash() {
      loops.forEach(ManualEventLoop::crash);
    }

    @Override
    public EventLoop loop() {
      return shardLoop;
    }

    @Override
    public ShardContext.ChildLoop startChild(String childName) {
      throw new UnsupportedOperationException("the counting shard has no parts");
    }
  }
}
