package io.tributary.node.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tributary.node.settings.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Management over HTTP: {@code GET} only, no cookies; a bearer token where one is set. Requests run
 * on virtual threads.
 */
public final class ManagementServer implements AutoCloseable {
  private final HttpServer server;

  private ManagementServer(HttpServer server) {
    this.server = server;
  }

  /** One answer. */
  public record Page(int status, String contentType, String body) {
    public static Page text(int status, String body) {
      return new Page(status, "text/plain; charset=utf-8", body);
    }
  }

  /**
   * @param pages by path
   * @throws IOException when the address cannot be bound
   */
  public static ManagementServer start(
      HostPort address, Optional<String> token, Map<String, Supplier<Page>> pages)
      throws IOException {
    HttpServer server = HttpServer.create(address.toSocketAddress(), 64);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> answer(exchange, token, pages));
    server.start();
    return new ManagementServer(server);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private static void answer(
      HttpExchange exchange, Optional<String> token, Map<String, Supplier<Page>> pages)
      throws IOException {
    try (exchange) {
      Page page = pageFor(exchange, token, pages);
      byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", page.contentType());
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(page.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Page pageFor(
      HttpExchange exchange, Optional<String> token, Map<String, Supplier<Page>> pages) {
    if (token.isPresent() && !carries(exchange, token.get())) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
      return Page.text(401, "a bearer token is required\n");
    }
    Supplier<Page> page = pages.get(exchange.getRequestURI().getPath());
    if (page == null) {
      return Page.text(
          404,
          "not found; there is: "
              + String.join(" ", pages.keySet().stream().sorted().toList())
              + "\n");
    }
    if (!exchange.getRequestMethod().equals("GET")) {
      return Page.text(405, "only GET is served here\n");
    }
    return page.get();
  }

  private static boolean carries(HttpExchange exchange, String token) {
    String header =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
    return MessageDigest.isEqual(
        header.getBytes(StandardCharsets.UTF_8),
        ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
