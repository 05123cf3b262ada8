package io.tributary.persistence.objects;

import io.tributary.persistence.StoreUrl;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where in S3 the objects are.
 *
 * @param prefix stands before every key: empty, or ending in "/"
 * @param endpoint of a server other than AWS
 * @param pathStyle whether the bucket stands in the path, not in the host's name
 */
record S3Location(
    String bucket, String prefix, String region, Optional<URI> endpoint, boolean pathStyle) {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern PREFIX =
      Pattern.compile("([A-Za-z0-9._-]{1,128}(/[A-Za-z0-9._-]{1,128})*)?");
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,32}");
  private static final Pattern ENDPOINT =
      Pattern.compile("https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?");
  private static final String REGION_OF_OTHER_SERVERS = "us-east-1";

  /** S3 takes keys of 1,024 bytes, and an {@link ObjectKey} may have 512. */
  private static final int PREFIX_CHARACTERS_MAX = 256;

  /**
   * @throws IllegalArgumentException the URL is wrong
   */
  static S3Location of(StoreUrl url) {
    int slash = url.address().indexOf('/');
    String bucket = slash < 0 ? url.address() : url.address().substring(0, slash);
    String prefix = slash < 0 ? "" : url.address().substring(slash + 1).replaceAll("/$", "");
    if (!BUCKET.matcher(bucket).matches()) {
      throw url.wrong("'" + bucket + "' is not a bucket's name");
    }
    if (!PREFIX.matcher(prefix).matches() || prefix.length() > PREFIX_CHARACTERS_MAX) {
      throw url.wrong(
          "a prefix has at most "
              + PREFIX_CHARACTERS_MAX
              + " of A-Z a-z 0-9 . _ - in parts between '/'");
    }
    Optional<URI> endpoint = url.option("endpoint").map(text -> endpoint(url, text));
    String region =
        url.option("region")
            .or(() -> endpoint.map(_ -> REGION_OF_OTHER_SERVERS))
            .orElseThrow(() -> url.wrong("without an endpoint it needs region=…"));
    if (!REGION.matcher(region).matches()) {
      throw url.wrong("'" + region + "' is not a region's name");
    }
    return new S3Location(
        bucket,
        prefix.isEmpty() ? "" : prefix + "/",
        region,
        endpoint,
        url.flag("path-style", false));
  }

  private static URI endpoint(StoreUrl url, String text) {
    if (!ENDPOINT.matcher(text).matches()) {
      throw url.wrong("the endpoint is not http://HOST:PORT or https://HOST:PORT");
    }
    return URI.create(text);
  }

  String nameOf(ObjectKey key) {
    return prefix + key.value();
  }
}
