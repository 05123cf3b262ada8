package io.tributary.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.servers.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * One broker in a process of its own, started by {@code bin/tributary serve} as a person would. Its
 * ports and its folder stay the same over restarts. Closing it kills the process.
 */
public final class BrokerProcess implements AutoCloseable {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Duration START_MAX = Duration.ofSeconds(60);

  private static final Map<String, String> CREDENTIALS =
      Map.of(
          "AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY);

  private final Path folder;
  private final List<String> options;
  private final int kafkaPort = Ports.free();
  private final int httpPort = Ports.free();
  private final Thread endWithUs = new Thread(this::killIfAlive);
  private @Nullable Process process;

  private BrokerProcess(Path folder, List<String> options) {
    this.folder = folder;
    this.options = options;
    Runtime.getRuntime().addShutdownHook(endWithUs);
  }

  /**
   * Starts a broker and waits until it serves.
   *
   * @param folder for its data and its log
   * @param options further options of {@code serve}
   */
  public static BrokerProcess start(Path folder, String... options) {
    BrokerProcess broker = new BrokerProcess(folder, List.of(options));
    broker.start();
    return broker;
  }

  public String bootstrap() {
    return "127.0.0.1:" + kafkaPort;
  }

  public int kafkaPort() {
    return kafkaPort;
  }

  public int httpPort() {
    return httpPort;
  }

  public long pid() {
    return running().pid();
  }

  /** Memory it has in RAM now (VmRSS). */
  public long residentBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", "" + pid(), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .sum();
  }

  public Path data() {
    return folder.resolve("data");
  }

  /**
   * Starts the process again after it has ended.
   *
   * @return how long it took until the broker said where it listens
   */
  public Duration start() {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            HOME.resolve("bin/tributary").toString(),
            "serve",
            "--data",
            data().toString(),
            "--kafka",
            bootstrap(),
            "--http",
            "127.0.0.1:" + httpPort));
    command.addAll(options);
    long startNanos = System.nanoTime();
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(CREDENTIALS);
    try {
      Files.createDirectories(folder);
      Path output = folder.resolve("output.txt");
      Files.deleteIfExists(output);
      Process started =
          builder
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      process = started;
      Awaitility.await("the broker says that it is ready")
          .atMost(START_MAX)
          .pollInterval(Duration.ofMillis(20))
          .failFast(() -> assertThat(started.isAlive()).as("alive; %s", logEnd()).isTrue())
          .until(() -> Files.readString(output).contains("is ready"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** The last lines of its log. */
  public String logEnd() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return folder.resolve("log.txt");
  }

  /** Kills it at once, as {@code kill -9} does. */
  public void kill() {
    running().destroyForcibly();
    awaitEnd();
  }

  /**
   * Asks it to stop and waits.
   *
   * @return its exit code
   */
  public int stop() {
    running().destroy();
    awaitEnd();
    return running().exitValue();
  }

  private Process running() {
    return Objects.requireNonNull(process, "it was never started");
  }

  /** Stops it in its tracks (SIGSTOP) until {@link #resume}. */
  public void pause() {
    Signals.pause(pid());
  }

  public void resume() {
    Signals.resume(pid());
  }

  private void awaitEnd() {
    try {
      if (!running().waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the broker did not end within 60 s");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    killIfAlive();
    Runtime.getRuntime().removeShutdownHook(endWithUs);
  }

  private void killIfAlive() {
    if (process != null && process.isAlive()) {
      kill();
    }
  }
}
