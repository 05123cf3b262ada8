package io.tributary.node;

import io.tributary.node.command.TributaryCommand;

/** The entry point of every command. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(TributaryCommand.commandLine().execute(args));
  }
}
