package io.tributary.tests.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.tests.process.BrokerProcess;
import io.tributary.tests.process.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person types, before and after a restart of the broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineTest {
  private static final Duration COMMAND_MAX = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private BrokerProcess broker;

  @BeforeAll
  void startBroker(@TempDir Path folder) {
    broker = BrokerProcess.start(folder);
  }

  @AfterAll
  void stopBroker() {
    broker.close();
  }

  @Test
  void peopleCreateWriteReadAndDelete() throws Exception {
    run("", "topic", "create", "letters", "--partitions", "3");
    assertThat(run("", "topic", "list")).contains("letters");
    run("a=1\nb=2\nc=3\n", "produce", "letters", "--key-separator", "=");
    assertThat(consume("letters", "--key-separator", "=").lines())
        .containsExactlyInAnyOrder("a=1", "b=2", "c=3");

    assertThat(broker.stop()).as("exit code after SIGTERM").isIn(0, 143);
    broker.start();

    assertThat(consume("letters", "--group", "readers").lines())
        .containsExactlyInAnyOrder("1", "2", "3");
    assertThat(run("", "group", "list")).contains("readers");
    assertThat(run("", "group", "describe", "readers")).contains("letters");
    run("", "group", "delete", "readers");
    assertThat(run("", "group", "list")).doesNotContain("readers");
    run("", "topic", "delete", "letters");
    assertThat(run("", "topic", "list")).doesNotContain("letters");
  }

  @Test
  void programsGetJson() throws Exception {
    json("topic", "create", "numbers", "--partitions", "2");
    json("topic", "alter", "numbers", "--partitions", "4");
    assertThat(json("topic", "list").toString()).contains("numbers");
    assertThat(json("topic", "describe", "numbers").findValuesAsText("partition")).hasSize(4);
    run("k:v\n", "produce", "numbers", "--key-separator", ":", "--json");
    JsonNode record =
        JSON.readTree(
            run(
                "",
                "consume",
                "numbers",
                "--from-beginning",
                "--max-messages",
                "1",
                "--group",
                "counters",
                "--json"));
    assertThat(record.findValue("key").asText()).isEqualTo("k");
    assertThat(record.findValue("value").asText()).isEqualTo("v");
    assertThat(json("group", "list").toString()).contains("counters");
    assertThat(json("group", "describe", "counters").toString()).contains("numbers");
    assertThat(json("topic", "delete", "numbers")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "serve", "topic", "topic create", "group", "produce", "consume"})
  void everyCommandExplainsItself(String command) {
    List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
    words.removeIf(String::isEmpty);
    words.add("--help");
    Program.Result result = tributary("", words);
    assertThat(result.exitCode()).as("%s", result).isZero();
    assertThat(result.output()).startsWith("Usage: tributary " + command).contains("--help");
  }

  @Test
  void aMistakeIsOneLineAndAnExitCode() {
    Program.Result result =
        tributary(
            "", List.of("topic", "describe", "nothing-here", "--bootstrap", broker.bootstrap()));
    assertThat(result.exitCode()).as("%s", result).isNotZero();
    assertThat(result.errors()).startsWith("tributary: ").hasLineCount(1);
  }

  private String consume(String topic, String... options) {
    List<String> words =
        new ArrayList<>(List.of("consume", topic, "--from-beginning", "--max-messages", "3"));
    words.addAll(List.of(options));
    return run("", words.toArray(String[]::new));
  }

  private JsonNode json(String... words) throws Exception {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = "--json";
    return JSON.readTree(run("", all));
  }

  /** What it prints when it succeeds. */
  private String run(String input, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--bootstrap", broker.bootstrap()));
    Program.Result result = tributary(input, all);
    assertThat(result.exitCode()).as("%s: %s", all, result).isZero();
    return result.output();
  }

  private static Program.Result tributary(String input, List<String> words) {
    List<String> command =
        new ArrayList<>(List.of(Path.of("../bin/tributary").toAbsolutePath().toString()));
    command.addAll(words);
    return Program.run(Path.of("."), COMMAND_MAX, input, command);
  }
}
