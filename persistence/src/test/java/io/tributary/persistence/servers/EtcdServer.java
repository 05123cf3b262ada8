package io.tributary.persistence.servers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A real etcd of one member. */
public final class EtcdServer extends LocalServer {
  private final int port = freePort();
  private final int peerPort = freePort();

  public EtcdServer(Path folder) {
    super(folder);
  }

  /** For {@code MetadataStores.open}. */
  public String url() {
    return "etcd://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  @Override
  List<String> command() {
    return List.of(
        "etcd.sh", dataFolder().toString(), String.valueOf(port), String.valueOf(peerPort));
  }

  @Override
  boolean isReady() {
    HttpRequest health =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(health, BodyHandlers.ofString()).body().contains("\"true\"");
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
