package io.tributary.node.command;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What every command that talks to a cluster takes. */
final class Connection {
  @Spec(Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9092",
      description = "A broker of the cluster (default: ${DEFAULT-VALUE}).")
  private String bootstrap = "";

  @Option(names = "--json", description = "Print JSON, one value.")
  private boolean json;

  Map<String, Object> clientSettings() {
    return Map.of("bootstrap.servers", bootstrap, "client.id", "tributary-cli");
  }

  Admin admin() {
    Map<String, Object> settings = new java.util.HashMap<>(clientSettings());
    settings.put("default.api.timeout.ms", 20_000);
    settings.put("request.timeout.ms", 10_000);
    return Admin.create(settings);
  }

  Output output() {
    return new Output(json, command.commandLine().getOut());
  }

  /** Waits for an answer; a refusal of the cluster becomes one line of error. */
  <T> T await(KafkaFuture<T> future) throws InterruptedException {
    return await(future, "");
  }

  /**
   * As {@link #await(KafkaFuture)}.
   *
   * @param subject what is asked about, named in the error; may be empty
   */
  <T> T await(KafkaFuture<T> future, String subject) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw refused((subject.isEmpty() ? "" : subject + ": ") + cause.getMessage());
    }
  }

  ParameterException refused(String why) {
    return new CommandRefused(command.commandLine(), why);
  }

  /** Refused by the cluster, not by the command line: shown without the usage text. */
  static final class CommandRefused extends ParameterException {
    private static final long serialVersionUID = 1L;

    CommandRefused(picocli.CommandLine commandLine, String message) {
      super(commandLine, message);
    }
  }
}
