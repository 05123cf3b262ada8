package io.tributary.node.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** {@code tributary}: the root of the command line. */
@Command(
    name = "tributary",
    description = "A Kafka-compatible broker cluster whose log lives in object storage.",
    subcommands = {
      ServeCommand.class,
      TopicCommand.class,
      GroupCommand.class,
      ProduceCommand.class,
      ConsumeCommand.class,
      HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footerHeading = "%nFirst steps:%n",
    footer = {
      "  tributary serve                            one broker on 127.0.0.1:9092, data in ./data",
      "  tributary topic create hello --partitions 3",
      "  echo world | tributary produce hello",
      "  tributary consume hello --from-beginning --max-messages 1"
    })
public final class TributaryCommand {
  private TributaryCommand() {}

  public static CommandLine commandLine() {
    return new CommandLine(new TributaryCommand())
        .setParameterExceptionHandler(TributaryCommand::refuse)
        .setExecutionExceptionHandler(TributaryCommand::fail);
  }

  private static int refuse(CommandLine.ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    line.getErr().println("tributary: " + e.getMessage());
    if (!(e instanceof Connection.CommandRefused)) {
      line.getErr().println("Try: " + line.getCommandSpec().qualifiedName() + " --help");
    }
    line.getErr().flush();
    return e instanceof Connection.CommandRefused ? 1 : 2;
  }

  private static int fail(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    if (e instanceof InterruptedException) {
      return 130;
    }
    line.getErr().println("tributary: " + (e.getMessage() == null ? e : e.getMessage()));
    line.getErr().flush();
    return 1;
  }
}
