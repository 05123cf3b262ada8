package io.tributary.tests.clients;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.tributary.tests.process.BrokerProcess;
import io.tributary.tests.process.Program;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What each client can do, as tests of their own: a client's checks run in one process, which says
 * a line for each.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealClientsTest {
  private static final Path SCRIPTS = Path.of("src/test/clients").toAbsolutePath();
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Duration CLIENT_MAX = Duration.ofMinutes(3);
  private static final String DEBIAN_PYTHON = "/usr/bin/python3";

  private BrokerProcess broker;
  private final Map<String, Future<List<String>>> running = new HashMap<>();

  /** All clients run at once, for each spends most of its time waiting for groups to form. */
  @BeforeAll
  void startBrokerAndClients(@TempDir Path folder) throws Exception {
    broker = BrokerProcess.start(folder);
    start("kcat", () -> script("kcat", List.of(scriptFile("kcat.sh"))));
    start("confluent", () -> python("confluent"));
    start("kafka_python", () -> python("kafka_python"));
    start("kafkajs", () -> script("kafkajs", kafkaJsCommand()));
    start("java", () -> JavaClientChecks.run(broker.bootstrap(), "java"));
    start("java-2.8.2", () -> oldJava("2.8.2"));
    start("java-2.1.1", () -> oldJava("2.1.1"));
  }

  private void start(String prefix, Callable<List<String>> client) throws Exception {
    createTopics(prefix);
    FutureTask<List<String>> task = new FutureTask<>(client);
    running.put(prefix, task);
    Thread.ofPlatform().daemon().name(prefix).start(task);
  }

  @AfterAll
  void stopBroker() {
    broker.close();
  }

  @TestFactory
  Stream<DynamicTest> kcat() throws Exception {
    return tests("kcat", 14);
  }

  @TestFactory
  Stream<DynamicTest> confluentKafkaForPython() throws Exception {
    return tests("confluent", 15);
  }

  @TestFactory
  Stream<DynamicTest> kafkaPython() throws Exception {
    return tests("kafka_python", 12);
  }

  @TestFactory
  Stream<DynamicTest> kafkaJs() throws Exception {
    return tests("kafkajs", 10);
  }

  @TestFactory
  Stream<DynamicTest> javaOfThisVersion() throws Exception {
    return tests("java", 14);
  }

  @TestFactory
  Stream<DynamicTest> java282() throws Exception {
    return tests("java-2.8.2", 14);
  }

  @TestFactory
  Stream<DynamicTest> java211() throws Exception {
    return tests("java-2.1.1", 14);
  }

  private List<String> python(String name) {
    return script(name, List.of(DEBIAN_PYTHON, "-B", scriptFile(name + ".py")));
  }

  private List<String> oldJava(String version) {
    Path libraries = TARGET.resolve("clients/java-" + version);
    assertThat(libraries).as("class path that Maven copies").isDirectory();
    String classPath = TARGET.resolve("test-classes") + File.pathSeparator + libraries + "/*";
    return script(
        "java-" + version,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath,
            JavaClientChecks.class.getName()));
  }

  private static String scriptFile(String name) {
    return SCRIPTS.resolve(name).toString();
  }

  /** Installs KafkaJS under {@code target}, with the checks beside it. */
  private static List<String> kafkaJsCommand() throws IOException {
    Path folder = TARGET.resolve("clients/kafkajs");
    Files.createDirectories(folder);
    for (String file : List.of("package.json", "package-lock.json", "checks.js")) {
      Files.copy(
          SCRIPTS.resolve("kafkajs").resolve(file),
          folder.resolve(file),
          StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(folder.resolve("node_modules/kafkajs/package.json"))) {
      Program.Result result =
          Program.run(folder, CLIENT_MAX, "", List.of("npm", "ci", "--no-audit", "--no-fund"));
      assertThat(result.exitCode()).as("npm ci: %s", result).isZero();
    }
    return List.of("node", folder.resolve("checks.js").toString());
  }

  private List<String> script(String prefix, List<String> command) {
    Program.Result result =
        Program.run(
            SCRIPTS,
            CLIENT_MAX,
            "",
            Stream.concat(command.stream(), Stream.of(broker.bootstrap(), prefix)).toList());
    assertThat(result.exitCode()).as("exit code of %s", result).isZero();
    return result.output().lines().toList();
  }

  private void createTopics(String prefix) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(prefix + "-group", Optional.of(4), Optional.empty()),
                  new NewTopic(prefix + "-large", Optional.of(1), Optional.empty())
                      .configs(Map.of("max.message.bytes", "2097152"))))
          .all()
          .get();
    }
  }

  private Stream<DynamicTest> tests(String prefix, int checkCount) throws Exception {
    List<String> lines = requireNonNull(running.get(prefix)).get();
    assertThat(lines).as("checks of %s", prefix).hasSize(checkCount);
    return lines.stream().map(RealClientsTest::test);
  }

  private static DynamicTest test(String line) {
    String said = line.replaceFirst("^(ok|not ok|skip) ", "");
    String name = said.replaceFirst(":.*", "");
    return dynamicTest(
        name,
        () -> {
          assumeTrue(!line.startsWith("skip "), said);
          assertThat(line).isEqualTo("ok " + name);
        });
  }
}
