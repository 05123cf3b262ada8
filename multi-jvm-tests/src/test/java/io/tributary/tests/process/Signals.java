package io.tributary.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Signals that Java has no call for. */
public final class Signals {
  private Signals() {}

  /** Stops a process in its tracks (SIGSTOP) until {@link #resume}. */
  public static void pause(long pid) {
    send("STOP", pid);
  }

  public static void resume(long pid) {
    send("CONT", pid);
  }

  private static void send(String signal, long pid) {
    Program.Result result =
        Program.run(
            Path.of("."), Duration.ofSeconds(10), "", List.of("kill", "-" + signal, "" + pid));
    assertThat(result.exitCode()).as("kill: %s", result).isZero();
  }
}
