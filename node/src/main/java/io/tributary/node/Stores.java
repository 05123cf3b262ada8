package io.tributary.node;

import io.tributary.node.fetch.LogVolume;
import io.tributary.node.settings.NodeSettings;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.metadata.MetadataStores;
import io.tributary.persistence.objects.ObjectStore;
import io.tributary.persistence.objects.ObjectStores;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What outlives the node: the two stores its settings name, the embedded ones unless told
 * otherwise.
 *
 * @param objectsUrl as opened
 */
record Stores(ObjectStore objects, MetadataStore metadata, String objectsUrl)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Stores.class);
  private static final String FILE_SCHEME = "file:";

  /**
   * @throws IllegalArgumentException a URL is wrong
   * @throws IllegalStateException another process holds the embedded store
   */
  static Stores open(NodeSettings settings) {
    Path data = settings.node().data();
    String objectsUrl = settings.storage().url().orElse(FILE_SCHEME + data.resolve("objects"));
    String metadataUrl =
        settings.storage().metadataUrl().orElse("sqlite:" + data.resolve("metadata.db"));
    if (!settings.storage().fsync()) {
      LOG.warn("tributary.storage.file.fsync is false: a power loss can take acknowledged records");
      objectsUrl = withoutSync(objectsUrl, FILE_SCHEME);
      metadataUrl = withoutSync(metadataUrl, "sqlite:");
    }
    MetadataStore metadata = MetadataStores.open(metadataUrl, settings.node().cluster());
    try {
      return new Stores(ObjectStores.open(objectsUrl), metadata, objectsUrl);
    } catch (RuntimeException e) {
      metadata.close();
      throw e;
    }
  }

  private static String withoutSync(String url, String scheme) {
    return url.startsWith(scheme) ? url + (url.contains("?") ? "&" : "?") + "fsync=false" : url;
  }

  boolean isOnFiles() {
    return objectsUrl.startsWith(FILE_SCHEME);
  }

  /** The volume under a file store, as it is now; a store in the cloud has no end. */
  LogVolume volume() {
    String name = objectsUrl.replaceFirst("\\?.*", "");
    if (!isOnFiles()) {
      return new LogVolume(name, LogVolume.UNKNOWN, LogVolume.UNKNOWN);
    }
    Path folder = Path.of(name.substring(FILE_SCHEME.length()));
    try {
      FileStore volume = Files.getFileStore(folder);
      return new LogVolume(
          folder.toAbsolutePath().toString(), volume.getTotalSpace(), volume.getUsableSpace());
    } catch (IOException e) {
      return new LogVolume(
          folder.toAbsolutePath().toString(), LogVolume.UNKNOWN, LogVolume.UNKNOWN);
    }
  }

  @Override
  public void close() {
    objects.close();
    metadata.close();
  }
}
