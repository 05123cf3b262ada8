package io.tributary.node.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import io.tributary.node.Broker;
import io.tributary.node.settings.NodeSettings;
import io.tributary.node.settings.SettingException;
import io.tributary.node.settings.SettingsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary serve}: runs a broker in the foreground until it is asked to stop. */
@Command(
    name = "serve",
    description = "Run a broker. Needs no server and no configuration.",
    mixinStandardHelpOptions = true,
    footer = "%nAny setting of docs/settings.md can be given by --set or in a --config file.")
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the embedded stores (default: ./data).")
  private @Nullable String data;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "Where Kafka clients connect (default: 127.0.0.1:9092).")
  private @Nullable String kafka;

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description = "What clients are told (default: where it listens).")
  private @Nullable String advertise;

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = "Health and metrics (default: 127.0.0.1:8080).")
  private @Nullable String http;

  @Option(
      names = "--cluster-address",
      paramLabel = "HOST:PORT",
      description = "Where other nodes reach this one (default: loopback and a free port).")
  private @Nullable String clusterAddress;

  @Option(
      names = "--storage",
      paramLabel = "URL",
      description =
          "file:DIR or s3://bucket/prefix?region=…&endpoint=…&path-style=true (default: under --data).")
  private @Nullable String storage;

  @Option(
      names = "--metadata",
      paramLabel = "URL",
      description = "sqlite:FILE or etcd://host:2379,host:2379 (default: under --data).")
  private @Nullable String metadata;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "Name of the cluster (default: tributary).")
  private @Nullable String cluster;

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "Name of this node (default: host name and Kafka port).")
  private @Nullable String node;

  @Option(names = "--zone", paramLabel = "ZONE", description = "Zone of this node.")
  private @Nullable String zone;

  @Option(names = "--region", paramLabel = "REGION", description = "Region of this node.")
  private @Nullable String region;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings in HOCON.")
  private @Nullable Path config;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting; repeatable.")
  private @Nullable Map<String, String> set;

  @Override
  public Integer call() throws InterruptedException {
    NodeSettings settings;
    try {
      settings = SettingsReader.read(NodeSettings.class, configuration());
    } catch (SettingException e) {
      throw new Connection.CommandRefused(command.commandLine(), String.valueOf(e.getMessage()));
    }
    Broker broker = Broker.start(settings);
    command.commandLine().getOut().println(broker.startupLine());
    command.commandLine().getOut().flush();
    return broker.awaitStop();
  }

  private Config configuration() {
    Config result = ConfigFactory.empty();
    for (Map.Entry<String, String> option : options().entrySet()) {
      result =
          result.withValue(
              option.getKey(), ConfigValueFactory.fromAnyRef(option.getValue(), "command line"));
    }
    if (set != null) {
      for (Map.Entry<String, String> entry : set.entrySet()) {
        if (!entry.getKey().startsWith("tributary.")) {
          throw new Connection.CommandRefused(
              command.commandLine(),
              "--set " + entry.getKey() + ": settings begin with 'tributary.'");
        }
        if (!result.hasPath(entry.getKey())) {
          result =
              result.withValue(
                  entry.getKey(), ConfigValueFactory.fromAnyRef(entry.getValue(), "--set"));
        }
      }
    }
    return config == null ? result : result.withFallback(file(config)).resolve();
  }

  private Config file(Path path) {
    if (!Files.isReadable(path)) {
      throw new Connection.CommandRefused(
          command.commandLine(), "--config " + path + ": no readable file");
    }
    return ConfigFactory.parseFile(
        path.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
  }

  /** The options of their own, by the setting each stands for. */
  private Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    put(options, "tributary.data", data);
    put(options, "tributary.kafka.address", kafka);
    put(options, "tributary.kafka.advertise", advertise);
    put(options, "tributary.http.address", http);
    put(options, "tributary.cluster.address", clusterAddress);
    put(options, "tributary.storage.url", storage);
    put(options, "tributary.metadata.url", metadata);
    put(options, "tributary.cluster.name", cluster);
    put(options, "tributary.node.name", node);
    put(options, "tributary.node.zone", zone);
    put(options, "tributary.node.region", region);
    return options;
  }

  private static void put(Map<String, String> options, String key, @Nullable String value) {
    if (value != null) {
      options.put(key, value);
    }
  }
}
