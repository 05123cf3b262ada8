package io.tributary.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.node.settings.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
  private final HttpClient client = HttpClient.newHttpClient();

  private HttpResponse<String> send(
      ManagementServer server, String method, String path, String token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static ManagementServer start(Optional<String> token) throws IOException {
    return ManagementServer.start(
        new HostPort("127.0.0.1", 0),
        token,
        Map.of("/health/live", () -> ManagementServer.Page.text(200, "alive\n")));
  }

  @Test
  void servesItsPagesToGetAlone() throws Exception {
    try (ManagementServer server = start(Optional.empty())) {
      assertThat(send(server, "GET", "/health/live", "").body()).isEqualTo("alive\n");
      assertThat(send(server, "POST", "/health/live", "").statusCode()).isEqualTo(405);
      assertThat(send(server, "GET", "/health/liver", "").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void asksForTheTokenWhereOneIsSet() throws Exception {
    try (ManagementServer server = start(Optional.of("sesame"))) {
      assertThat(send(server, "GET", "/health/live", "").statusCode()).isEqualTo(401);
      assertThat(send(server, "GET", "/health/live", "wrong").statusCode()).isEqualTo(401);
      assertThat(send(server, "GET", "/health/live", "sesame").statusCode()).isEqualTo(200);
    }
  }
}
