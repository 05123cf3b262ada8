package io.tributary.persistence.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A server that a script of {@code deploy/servers} runs, in a process of its own. It may be killed
 * and started again on the same folder and port.
 */
public abstract class LocalServer implements AutoCloseable {
  /** The first start of the S3 server may have to fetch it. */
  private static final Duration START_MAX = Duration.ofMinutes(2);

  private final Path folder;
  private final Thread endWithUs = new Thread(this::kill);
  private @Nullable Process process;

  /**
   * @param folder keeps its data and {@code server.log}
   */
  LocalServer(Path folder) {
    this.folder = folder;
    Runtime.getRuntime().addShutdownHook(endWithUs);
  }

  /** The script's name and its arguments. */
  abstract List<String> command();

  abstract boolean isReady();

  /** Starts it if it does not run, and waits until it answers. */
  public final void start() {
    if (process != null) {
      return;
    }
    Process started = launch();
    process = started;
    BooleanSupplier answers = this::isReady;
    Awaitility.await("the start of " + command())
        .atMost(START_MAX)
        .failFast("it ended; see " + log(), () -> !started.isAlive())
        .until(answers::getAsBoolean);
  }

  private Process launch() {
    List<String> command = new ArrayList<>(command());
    command.set(0, script(command.getFirst()).toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home")));
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    try {
      Files.createDirectories(folder);
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path script(String name) {
    Path above = Path.of("").toAbsolutePath();
    while (above != null) {
      Path script = above.resolve("deploy/servers").resolve(name);
      if (Files.isExecutable(script)) {
        return script;
      }
      above = above.getParent();
    }
    throw new IllegalStateException("no deploy/servers/" + name + " above the working folder");
  }

  private Path log() {
    return folder.resolve("server.log");
  }

  final Path dataFolder() {
    return folder.resolve("data");
  }

  /** SIGKILL: what it has not made durable is lost. */
  public final void kill() {
    Process running = process;
    process = null;
    if (running != null) {
      running.destroyForcibly();
      try {
        running.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The process, for faults such as SIGSTOP. */
  public final long pid() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("it does not run");
    }
    return running.pid();
  }

  @Override
  public final void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(endWithUs);
  }

  /** A port of the loopback address that nobody uses now. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
