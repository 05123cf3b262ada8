package io.tributary.persistence.objects;

import io.tributary.persistence.StoreUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Opens the object store that a setting names. */
public final class ObjectStores {
  private static final String ALLOWED =
      "file:DIR[?fsync=false] or s3://BUCKET[/PREFIX][?region=R&endpoint=URL&path-style=true]";

  private ObjectStores() {}

  /**
   * Opens a store without asking it anything: one that is away answers {@code Unknown} until it
   * comes.
   *
   * @param url {@code file:DIR[?fsync=false]}, or {@code
   *     s3://BUCKET[/PREFIX][?region=R&endpoint=URL&path-style=true]} with credentials from the AWS
   *     default chain
   * @throws IllegalArgumentException the URL is wrong; the message says what is allowed
   */
  public static ObjectStore open(String url) {
    StoreUrl parsed = StoreUrl.parse(url, ALLOWED);
    return switch (parsed.scheme()) {
      case "file" -> openFiles(parsed);
      case "s3" -> openS3(parsed);
      default -> throw parsed.wrong("'" + parsed.scheme() + "' is not a kind of object store");
    };
  }

  private static ObjectStore openFiles(StoreUrl url) {
    url.allowOnly(Set.of("fsync"));
    Path folder = url.toPath();
    if (Files.isRegularFile(folder)) {
      throw url.wrong(folder + " is a file, not a folder");
    }
    return new FileObjectStore(folder, url.flag("fsync", true));
  }

  private static ObjectStore openS3(StoreUrl url) {
    url.allowOnly(Set.of("region", "endpoint", "path-style"));
    return new S3ObjectStore(S3Location.of(url));
  }
}
