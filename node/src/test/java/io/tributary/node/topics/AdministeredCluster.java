package io.tributary.node.topics;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.ClusterImage.BrokerImage;
import io.tributary.actors.cluster.ClusterImages;
import io.tributary.actors.cluster.TopicDeletion;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.Topics;
import io.tributary.actors.loop.ThreadEventLoop;
import io.tributary.actors.shard.ShardRequest;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.node.FakeRequestContext;
import io.tributary.node.cluster.BrokerConfigs;
import io.tributary.node.cluster.BrokerLoggers;
import io.tributary.node.cluster.ConfigChanges;
import io.tributary.node.cluster.ConfigDescriptions;
import io.tributary.node.cluster.DescribeConfigsHandler;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.wire.Handler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.slf4j.LoggerFactory;

/** Everything that the handlers of topics and configs work with, on one live node with id 1. */
public final class AdministeredCluster implements AutoCloseable {
  public final ClusterImages images;
  public final Topics topics;
  public final BrokerConfigs configs;
  public final ConfigDescriptions descriptions;
  public final BrokerLoggers loggers;
  public final ConfigChanges changes;
  private final ThreadEventLoop loop = new ThreadEventLoop("cluster");
  private final MetadataStore store;
  private final TopicDeletion deletion;

  /** Shards that have journaled whatever they are asked. */
  private static final class WillingShards implements ShardRouter {
    @Override
    @SuppressWarnings("unchecked") // A Forget asks for a Boolean.
    public <A> CompletionStage<A> ask(ShardId shard, ShardRequest<A> request, Duration timeout) {
      return CompletableFuture.completedFuture((A) Boolean.TRUE);
    }
  }

  private record Forget() implements ShardRequest<Boolean> {}

  /**
   * @param startConfigs broker configs the node is started with
   */
  public AdministeredCluster(MetadataStore store, Map<String, String> startConfigs) {
    this.store = store;
    images = new ClusterImages(loop, store, ClusterImage.empty("a-cluster", ShardCounts.DEFAULT));
    deletion =
        new TopicDeletion(
            loop,
            store,
            images,
            new TopicDeletion.Notices(new WillingShards(), _ -> new Forget(), _ -> new Forget()));
    topics = new Topics(loop, store, deletion, TopicIds::fresh);
    configs = new BrokerConfigs(images, 1, startConfigs);
    descriptions = new ConfigDescriptions(configs);
    loggers = new BrokerLoggers((LoggerContext) LoggerFactory.getILoggerFactory(), 1);
    changes = new ConfigChanges(images, topics, configs);
    await(images.start());
    brokers(List.of(new BrokerImage(1, "broker.example", 9092, "zone-1")));
    deletion.start();
  }

  /** From now on these nodes are live. */
  void brokers(List<BrokerImage> live) {
    images.onBrokers(live);
    await(images.refresh());
  }

  public DescribeConfigsHandler describeConfigs() {
    return new DescribeConfigsHandler(
        images, topics, descriptions, new DescribeConfigsHandler.Local(configs, loggers));
  }

  public TopicImage topic(String name) {
    return images.get().topic(name).orElseThrow();
  }

  /** The handler's answer, which must be writable at the request's version. */
  public <Q extends AbstractRequest, A extends AbstractResponse> A ask(
      Handler<Q, A> handler, Q request) {
    ApiKeys api = request.apiKey();
    A answer = await(handler.handle(FakeRequestContext.of(api, request.version()), request));
    assertThat(MessageUtil.toByteBufferAccessor(answer.data(), request.version()).buffer().limit())
        .isPositive();
    return answer;
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    deletion.close();
    images.close();
    loop.close();
    store.close();
  }
}
