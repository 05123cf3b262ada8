package io.tributary.tests.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.tests.process.BrokerProcess;
import io.tributary.tests.process.Program;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the embedded stores fills up, and gets room again. */
class FullDiskTest {
  @Test
  void theBrokerWaitsForRoomAndGoesOn(@TempDir Path folder) throws Exception {
    Path disk = Files.createDirectories(folder.resolve("data"));
    Program.Result mounted =
        mount("-t", "tmpfs", "-o", "size=64m", "tributary-test", disk.toString());
    assumeTrue(mounted.exitCode() == 0, "needs the right to mount a small disk: " + mounted);
    try (BrokerProcess broker = BrokerProcess.start(folder);
        Workload workload = new Workload(broker.bootstrap(), "full-disk", 3)) {
      workload.start(2);
      workload.awaitAcknowledged(1_000);
      assertThat(broker.data()).isEqualTo(disk);
      Path filler = disk.resolve("filler");
      fill(filler);
      workload.awaitStandstill(Duration.ofSeconds(2));

      Files.delete(filler);
      workload.awaitAcknowledged(1_000);
      workload.finish();
      workload.check();
    } finally {
      run("umount", "-l", disk.toString());
    }
  }

  /** Writes until the disk has no room at all. */
  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream output = Files.newOutputStream(file)) {
      while (file.toFile().getUsableSpace() > 0) {
        output.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static Program.Result mount(String... arguments) {
    return run("mount", arguments);
  }

  private static Program.Result run(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    return Program.run(Path.of("."), Duration.ofSeconds(10), "", command);
  }
}
