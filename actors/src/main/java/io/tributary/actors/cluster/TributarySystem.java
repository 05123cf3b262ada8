package io.tributary.actors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tributary.persistence.model.NodeRecord.Address;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/**
 * The node's Pekko actor system: bound to the cluster address, member of no cluster until {@link
 * #join}.
 */
public final class TributarySystem {
  private static final String NAME = "tributary";

  private final ActorSystem<Void> system;

  private TributarySystem(ActorSystem<Void> system) {
    this.system = system;
  }

  /**
   * Starts it.
   *
   * @param bind host and port to listen on for other nodes; port 0 takes a free one
   * @throws RuntimeException when the address cannot be bound
   */
  public static TributarySystem start(Address bind) {
    Config settings =
        ConfigFactory.parseMap(
                Map.of(
                    "pekko.remote.artery.canonical.hostname", bind.host(),
                    "pekko.remote.artery.canonical.port", bind.port()))
            .withFallback(ConfigFactory.parseResources("tributary-pekko.conf"))
            .withFallback(ConfigFactory.load());
    return new TributarySystem(ActorSystem.create(Behaviors.empty(), NAME, settings));
  }

  public ActorSystem<?> actorSystem() {
    return system;
  }

  /** Where other nodes reach this one: the port is the one that was taken. */
  public Address address() {
    var own = Cluster.get(system).selfMember().address();
    return new Address(own.getHost().orElseThrow(), own.getPort().orElseThrow());
  }

  /** Joins the cluster that the node at {@code founder} founded; its own address founds one. */
  public void join(Address founder) {
    String address = "pekko://" + NAME + "@" + founder.host() + ":" + founder.port();
    Cluster.get(system)
        .manager()
        .tell(new JoinSeedNodes(List.of(AddressFromURIString.parse(address))));
  }

  /**
   * Leaves the cluster: hands off the shards, so that each releases its owner record, then ends.
   * The stores must stay open until the stage completes.
   */
  public CompletionStage<Done> stop() {
    system.terminate();
    return system.getWhenTerminated();
  }
}
