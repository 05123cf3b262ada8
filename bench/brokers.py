"""Starts Apache Kafka and Tributary alike: one node, same heap, pinned to the same core, on free loopback ports."""
import os, pathlib, shutil, signal, socket, subprocess, tempfile, time, urllib.request

HOME = pathlib.Path(__file__).resolve().parent.parent
KAFKA = HOME / "bench" / "target" / "kafka"
JVM = ["-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20"]


def java_home():
    return subprocess.run(["bash", "-c", f". {HOME}/bin/jdk.sh && echo $JAVA_HOME"], check=True, capture_output=True, text=True).stdout.strip()


JAVA = java_home() + "/bin/java"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def kafka_class_path():
    """Apache Kafka's jars, fetched once."""
    if not (KAFKA / "ready").exists():
        subprocess.run(
            ["mvn", "-q", "-B", "-f", str(HOME / "bench/kafka/pom.xml"), "dependency:copy-dependencies", f"-DoutputDirectory={KAFKA}/lib"],
            check=True, env=dict(os.environ, JAVA_HOME=java_home()))
        (KAFKA / "ready").touch()
    return f"{KAFKA}/lib/*"


def tool(main, *args, core=None, **options):
    """Runs one of Kafka's own command line tools; returns what it printed."""
    pin = ["taskset", "-c", str(core)] if core is not None else []
    command = pin + [JAVA, "-Xmx1g", "-XX:+UseG1GC", "-cp", kafka_class_path(), main, *map(str, args)]
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{main} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


class Broker:
    """One broker process over a folder of its own."""

    def __init__(self, name, heap="1g", core=None, folder=None):
        self.name, self.heap, self.core = name, heap, core
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix=f"bench-{name}-"))
        self.port, self.process = free_port(), None

    @property
    def bootstrap(self):
        return f"127.0.0.1:{self.port}"

    def _spawn(self, command, **env):
        pin = ["taskset", "-c", str(self.core)] if self.core is not None else []
        self.log = open(self.folder / "log.txt", "ab")
        self.process = subprocess.Popen(pin + command, stdout=self.log, stderr=self.log, env=dict(os.environ, **env))

    def start(self):
        began = time.monotonic()
        self._launch()
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended at its start: {(self.folder / 'log.txt').read_text()[-3000:]}")
            if self._is_ready():
                return time.monotonic() - began
            time.sleep(0.05)
            if time.monotonic() - began > 120:
                raise RuntimeError(f"{self.name} was not ready within 120 s")

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def cpu_seconds(self):
        """User and system time of the process so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024


class Kafka(Broker):
    def __init__(self, fsync=False, **options):
        super().__init__("kafka", **options)
        self.controller, self.fsync = free_port(), fsync

    def _launch(self):
        config = self.folder / "server.properties"
        if not config.exists():
            config.write_text(f"""process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{self.controller}
listeners=PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self.controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{self.port}
controller.listener.names=CONTROLLER
log.dirs={self.folder}/data
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
{"log.flush.interval.messages=1" if self.fsync else ""}
""")
            subprocess.run([JAVA, "-cp", kafka_class_path(), "kafka.tools.StorageTool", "format", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c", str(config), "--standalone"],
                           check=True, capture_output=True)
        self._spawn([JAVA, f"-Xms{self.heap}", f"-Xmx{self.heap}", *JVM, "-cp", kafka_class_path(), "kafka.Kafka", str(config)])


    def _is_ready(self):
        """Kafka listens when it is ready."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 0.2):
                return True
        except OSError:
            return False


class Tributary(Broker):
    def __init__(self, fsync=True, settings=(), **options):
        super().__init__("tributary", **options)
        self.http, self.settings = free_port(), [f"tributary.storage.file.fsync={str(fsync).lower()}", *settings]

    def _launch(self):
        command = [str(HOME / "bin/tributary"), "serve", "--data", str(self.folder / "data"), "--kafka", self.bootstrap, "--http", f"127.0.0.1:{self.http}"]
        for setting in self.settings:
            command += ["--set", setting]
        self._spawn(command, TRIBUTARY_JAVA_OPTIONS=f"-Xms{self.heap} -Xmx{self.heap} " + os.environ.get("TRIBUTARY_JAVA_OPTIONS", ""))

    def _is_ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/health/ready", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False
