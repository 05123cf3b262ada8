package io.tributary.persistence.metadata;

import io.tributary.persistence.StoreUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Opens the metadata store that a setting names. */
public final class MetadataStores {
  private static final String ALLOWED =
      "sqlite:FILE[?fsync=false] or etcd://HOST:PORT[,HOST:PORT…]";
  private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private MetadataStores() {}

  /**
   * Opens a store. etcd is not asked anything: while it is away operations end as {@code Unknown}.
   *
   * @param url {@code sqlite:FILE[?fsync=false]} or {@code etcd://HOST:PORT[,HOST:PORT…]}
   * @param cluster names the cluster; its keys stand under {@code /tributary/<cluster>/}
   * @throws IllegalArgumentException the URL or the cluster's name is wrong; the message says what
   *     is allowed
   * @throws IllegalStateException the file cannot be used, or another process holds it
   */
  public static MetadataStore open(String url, String cluster) {
    if (!CLUSTER.matcher(cluster).matches()) {
      throw new IllegalArgumentException(
          "'" + cluster + "' names no cluster; allowed are 1 to 128 of A-Z a-z 0-9 . _ -");
    }
    String keyPrefix = "/tributary/" + cluster + "/";
    StoreUrl parsed = StoreUrl.parse(url, ALLOWED);
    return switch (parsed.scheme()) {
      case "sqlite" -> {
        parsed.allowOnly(Set.of("fsync"));
        yield new SqliteMetadataStore(parsed.toPath(), parsed.flag("fsync", true), keyPrefix);
      }
      case "etcd" -> {
        parsed.allowOnly(Set.of());
        yield new EtcdMetadataStore(endpoints(parsed), keyPrefix);
      }
      default -> throw parsed.wrong("'" + parsed.scheme() + "' is not a kind of metadata store");
    };
  }

  private static List<URI> endpoints(StoreUrl url) {
    List<URI> endpoints = new ArrayList<>();
    for (String address : url.address().split(",", -1)) {
      try {
        URI endpoint = new URI("http://" + address);
        if (endpoint.getHost() == null
            || endpoint.getPort() < 1
            || !endpoint.getPath().isEmpty()
            || endpoint.getUserInfo() != null) {
          throw url.wrong("'" + address + "' is not HOST:PORT");
        }
        endpoints.add(endpoint);
      } catch (URISyntaxException _) {
        throw url.wrong("'" + address + "' is not HOST:PORT");
      }
    }
    return endpoints;
  }
}
