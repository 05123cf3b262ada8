package io.tributary.node.command;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version this program was built as. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"tributary " + current()};
  }

  public static String current() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("unreleased");
  }
}
