package io.tributary.persistence.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A real S3 server (S3Proxy over a folder) with one bucket. Its credentials are {@value
 * #ACCESS_KEY} and {@value #SECRET_KEY}.
 */
public final class S3Server extends LocalServer {
  public static final String BUCKET = "tributary";
  public static final String ACCESS_KEY = "local";
  public static final String SECRET_KEY = "localsecret";

  private final int port = freePort();

  public S3Server(Path folder) {
    super(folder);
    try {
      Files.createDirectories(dataFolder().resolve(BUCKET));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For {@code ObjectStores.open}. */
  public String url(String prefix) {
    return "s3://" + BUCKET + "/" + prefix + "?path-style=true&endpoint=" + endpoint();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  @Override
  List<String> command() {
    return List.of("s3proxy.sh", dataFolder().toString(), String.valueOf(port));
  }

  @Override
  boolean isReady() {
    return accepts(port);
  }
}
