package io.tributary.node;

import ch.qos.logback.classic.LoggerContext;
import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.ClusterImages;
import io.tributary.actors.cluster.NodeIdentity;
import io.tributary.actors.cluster.TopicDeletion;
import io.tributary.actors.cluster.Topics;
import io.tributary.actors.group.GroupEnvironment;
import io.tributary.actors.group.GroupRequest;
import io.tributary.actors.group.GroupShard;
import io.tributary.actors.group.Groups;
import io.tributary.actors.intake.Intake;
import io.tributary.actors.intake.IntakeSettings;
import io.tributary.actors.intake.ProducerIds;
import io.tributary.actors.loop.ThreadEventLoop;
import io.tributary.actors.partition.PartitionEnvironment;
import io.tributary.actors.partition.PartitionRequest;
import io.tributary.actors.partition.PartitionShard;
import io.tributary.actors.partition.model.ProducerLimits;
import io.tributary.actors.shard.CheckpointSettings;
import io.tributary.actors.shard.ShardDefinition;
import io.tributary.actors.shard.Shards;
import io.tributary.actors.view.LogReader;
import io.tributary.actors.view.PartitionViews;
import io.tributary.actors.view.ReadResources;
import io.tributary.actors.view.ViewLogReader;
import io.tributary.actors.view.ViewSettings;
import io.tributary.actors.view.ViewsContext;
import io.tributary.node.cluster.BrokerConfigs;
import io.tributary.node.cluster.BrokerLoggers;
import io.tributary.node.cluster.ConfigChanges;
import io.tributary.node.cluster.ConfigDescriptions;
import io.tributary.node.cluster.DescribeConfigsHandler;
import io.tributary.node.fetch.FetchSettings;
import io.tributary.node.fetch.LogVolume;
import io.tributary.node.produce.InflationPool;
import io.tributary.node.produce.ProduceTopics;
import io.tributary.node.settings.NodeSettings;
import io.tributary.node.topics.TopicCreator;
import io.tributary.node.topics.TopicIds;
import io.tributary.persistence.cache.BlockCache;
import io.tributary.persistence.cache.FooterCache;
import io.tributary.persistence.cache.PageReader;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardKind;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** The domain's classes, put together for one incarnation of a node; its handlers' way in. */
final class Domain implements AutoCloseable {
  /** Of the heap: footers read at recovery, and index pages read for old offsets. */
  private static final int SMALL_CACHE_SHARE = 32;

  private final Stores stores;
  private final Shards shards;
  private final ThreadEventLoop intakeLoop = new ThreadEventLoop("intake");
  private final ThreadEventLoop viewLoop = new ThreadEventLoop("views");
  private final ThreadEventLoop clusterLoop = new ThreadEventLoop("cluster-image");
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final InflationPool inflation =
      new InflationPool(
          Math.max(2, Runtime.getRuntime().availableProcessors()), InstantSource.system());
  private final ClusterImages images;
  private final TopicDeletion deletion;
  private final Topics topics;
  private final Groups groups;
  private final Intake intake;
  private final LogReader reader;
  private final BrokerConfigs configs;
  private final ProducerIds producerIds;
  private final DescribeConfigsHandler.Local localConfigs;

  /**
   * What a domain is put together from.
   *
   * @param onBroken the process must end, for this reason
   */
  record Parts(
      NodeSettings settings,
      NodeIdentity identity,
      Stores stores,
      Shards shards,
      Consumer<String> onBroken) {}

  Domain(Parts parts) {
    NodeSettings settings = parts.settings();
    NodeIdentity identity = parts.identity();
    ShardCounts counts = identity.cluster().shards();
    stores = parts.stores();
    shards = parts.shards();
    long heapBytes = Runtime.getRuntime().maxMemory();
    FooterCache footers = new FooterCache(stores.objects(), counts, heapBytes / SMALL_CACHE_SHARE);
    PageReader pages = new PageReader(stores.objects(), heapBytes / SMALL_CACHE_SHARE);
    BlockCache blocks = new BlockCache(stores.objects(), blockCacheBytes(settings, heapBytes));

    images =
        new ClusterImages(
            clusterLoop, stores.metadata(), ClusterImage.empty(identity.cluster().id(), counts));
    configs = new BrokerConfigs(images, identity.brokerId(), startConfigs(settings));
    deletion = new TopicDeletion(clusterLoop, stores.metadata(), images, deletionNotices());
    topics = new Topics(clusterLoop, stores.metadata(), deletion, TopicIds::fresh);
    localConfigs =
        new DescribeConfigsHandler.Local(
            configs,
            new BrokerLoggers(
                (LoggerContext) LoggerFactory.getILoggerFactory(), identity.brokerId()));

    CheckpointSettings checkpoints = checkpoints(settings);
    GroupEnvironment groupEnvironment = GroupEnvironment.of(Map.of(), images, background);
    groups = new Groups(shards, counts, groupEnvironment.config());
    PartitionEnvironment partitionEnvironment =
        new PartitionEnvironment(stores.objects(), footers, pages, ProducerLimits.DEFAULT);

    intake =
        new Intake(
            intakeSettings(settings),
            identity.incarnation(),
            new Intake.Surroundings(
                intakeLoop,
                stores.objects(),
                blocks,
                shards,
                counts,
                new Random(),
                parts.onBroken()));
    producerIds = new ProducerIds(clusterLoop, stores.metadata(), new Random());
    PartitionViews views =
        new PartitionViews(
            new ViewsContext(
                viewLoop,
                shards,
                identity.name() + "/" + identity.incarnation(),
                ViewSettings.DEFAULT),
            counts);
    views.start();
    reader = new ViewLogReader(views, new ReadResources(blocks, pages, viewLoop, background));

    shards.host(
        ShardKind.PARTITIONS,
        new ShardDefinition<>(PartitionShard.factory(partitionEnvironment), checkpoints));
    shards.host(
        ShardKind.GROUPS,
        new ShardDefinition<>(context -> new GroupShard(context, groupEnvironment), checkpoints));
    deletion.start();
  }

  private static long blockCacheBytes(NodeSettings settings, long heapBytes) {
    long asked = settings.log().blockCache().bytes();
    return asked > 0 ? asked : heapBytes / 4;
  }

  private static Map<String, String> startConfigs(NodeSettings settings) {
    Map<String, String> configs = new HashMap<>();
    configs.put("auto.create.topics.enable", Boolean.toString(settings.topics().autoCreate()));
    configs.put("num.partitions", Integer.toString(settings.topics().partitions()));
    settings.node().zone().ifPresent(zone -> configs.put("broker.rack", zone));
    return configs;
  }

  private TopicDeletion.Notices deletionNotices() {
    return new TopicDeletion.Notices(
        shards,
        deleted -> new PartitionRequest.TopicDeleted(deleted.id()),
        deleted -> new GroupRequest.TopicDeleted(deleted.name(), deleted.id()));
  }

  private CheckpointSettings checkpoints(NodeSettings settings) {
    CheckpointSettings byDefault =
        stores.isOnFiles() ? CheckpointSettings.FILES : CheckpointSettings.OBJECT_STORE;
    return new CheckpointSettings(
        settings.log().checkpointObjects().orElse(byDefault.recordsMax()),
        byDefault.journalBytesMax(),
        settings.log().checkpointInterval());
  }

  private IntakeSettings intakeSettings(NodeSettings settings) {
    IntakeSettings byDefault =
        stores.isOnFiles() ? IntakeSettings.FILES : IntakeSettings.OBJECT_STORE;
    return new IntakeSettings(
        settings.intake().maxBytes().toInt(),
        settings.intake().maxDelay().orElse(byDefault.delayMax()),
        settings.intake().flushesPerSecond().orElse(byDefault.flushesPerSecond()),
        byDefault.uploadsMax());
  }

  ClusterImages images() {
    return images;
  }

  Topics topics() {
    return topics;
  }

  LogReader reader() {
    return reader;
  }

  Groups groups() {
    return groups;
  }

  Intake intake() {
    return intake;
  }

  Shards shards() {
    return shards;
  }

  InflationPool inflation() {
    return inflation;
  }

  ProducerIds producerIds() {
    return producerIds;
  }

  BrokerConfigs configs() {
    return configs;
  }

  ConfigDescriptions configDescriptions() {
    return new ConfigDescriptions(configs);
  }

  DescribeConfigsHandler.Local localConfigs() {
    return localConfigs;
  }

  ConfigChanges configChanges() {
    return new ConfigChanges(images, topics, configs);
  }

  TopicCreator topicCreator() {
    return new TopicCreator(topics, configs);
  }

  ProduceTopics produceTopics() {
    return new ProduceTopics(images, topics, configs.topicConfigs());
  }

  FetchSettings fetchSettings() {
    return FetchSettings.DEFAULT;
  }

  InstantSource clock() {
    return InstantSource.system();
  }

  boolean isLedHere(PartitionId partition) {
    return shards.isLocal(images.get().shards().shardOf(partition));
  }

  Supplier<LogVolume> volume() {
    return stores::volume;
  }

  /** The shards and the intake must have ended. */
  @Override
  public void close() {
    deletion.close();
    images.close();
    intakeLoop.close();
    viewLoop.close();
    clusterLoop.close();
    inflation.close();
    background.shutdown();
  }
}
