package io.tributary.tests.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs other programs to their end. */
public final class Program {
  /** How a program ended and what it wrote. */
  public record Result(int exitCode, String output, String errors) {}

  private Program() {}

  /**
   * @param input what it reads
   * @throws IllegalStateException if it has not ended after {@code max}; it is killed then
   */
  public static Result run(Path folder, Duration max, String input, List<String> command) {
    try {
      Path in = Files.createTempFile("program", ".in");
      Path out = Files.createTempFile("program", ".out");
      Path errors = Files.createTempFile("program", ".errors");
      Files.writeString(in, input);
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(errors.toFile())
              .start();
      boolean ended = process.waitFor(max.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      Result result =
          new Result(process.exitValue(), Files.readString(out), Files.readString(errors));
      Files.delete(in);
      Files.delete(out);
      Files.delete(errors);
      if (!ended) {
        throw new IllegalStateException(command + " did not end within " + max + ": " + result);
      }
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
