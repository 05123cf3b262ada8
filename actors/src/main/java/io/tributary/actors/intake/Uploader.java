package io.tributary.actors.intake;

import io.tributary.actors.loop.Backoff;
import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.objects.ObjectKey;
import io.tributary.persistence.objects.ObjectStore;
import io.tributary.persistence.objects.ObjectStore.GetOutcome;
import io.tributary.persistence.objects.ObjectStore.PutOutcome;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts intake objects into the store and does not give up: a lost object would be a gap in the
 * sequences of idempotent producers. Confined to its loop.
 */
final class Uploader {
  private static final Logger LOG = LoggerFactory.getLogger(Uploader.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofSeconds(2);

  private final ObjectStore objects;
  private final EventLoop loop;
  private final RandomGenerator random;
  private final Consumer<String> onBroken;
  private long retries;

  /**
   * @param onBroken told, on the loop, that a name of this incarnation holds bytes of somebody else
   */
  Uploader(ObjectStore objects, EventLoop loop, RandomGenerator random, Consumer<String> onBroken) {
    this.objects = objects;
    this.loop = loop;
    this.random = random;
    this.onBroken = onBroken;
  }

  /**
   * @param onStored runs on the loop once the object is durable
   */
  void upload(ObjectKey key, List<Bytes> parts, Runnable onStored) {
    put(new Upload(key, parts, onStored, new Backoff(RETRY_FIRST, RETRY_MAX, random)));
  }

  long retries() {
    return retries;
  }

  private void put(Upload upload) {
    objects
        .putIfAbsent(upload.key, upload.parts)
        .whenCompleteAsync(
            (outcome, failure) -> {
              if (failure != null) {
                again(upload, failure);
              } else {
                onPut(upload, outcome);
              }
            },
            loop);
  }

  private void onPut(Upload upload, PutOutcome outcome) {
    switch (outcome) {
      case PutOutcome.Stored _ -> upload.onStored.run();
      case PutOutcome.Occupied _ -> compare(upload);
      case PutOutcome.Unknown(Throwable cause) -> again(upload, cause);
    }
  }

  /**
   * Nobody else has this name, so an earlier attempt of unknown outcome has landed. But a metadata
   * store that was set back in time gives incarnations out again, and their names hold other bytes:
   * to take these for ours would lose acknowledged records. So look; it is rare.
   */
  private void compare(Upload upload) {
    objects
        .get(upload.key)
        .whenCompleteAsync(
            (outcome, failure) -> {
              if (failure != null) {
                again(upload, failure);
              } else {
                onCompared(upload, outcome);
              }
            },
            loop);
  }

  private void onCompared(Upload upload, GetOutcome outcome) {
    switch (outcome) {
      case GetOutcome.Found(Bytes bytes, long _) -> {
        if (upload.isSameAs(bytes)) {
          upload.onStored.run();
        } else {
          onBroken.accept(
              "object "
                  + upload.key
                  + " holds other bytes than this incarnation's: was the metadata store set back?");
        }
      }
      case GetOutcome.Absent _ -> again(upload, new IllegalStateException("gone again"));
      case GetOutcome.Unknown(Throwable cause) -> again(upload, cause);
    }
  }

  private void again(Upload upload, Throwable cause) {
    retries++;
    Duration delay = upload.backoff.next();
    LOG.warn(
        "The upload of {} has no known outcome, next attempt in {} ms: {}",
        upload.key,
        delay.toMillis(),
        cause.toString());
    loop.schedule(delay, () -> put(upload));
  }

  private record Upload(ObjectKey key, List<Bytes> parts, Runnable onStored, Backoff backoff) {
    boolean isSameAs(Bytes stored) {
      int position = 0;
      for (Bytes part : parts) {
        if (position + part.length() > stored.length()
            || !stored.slice(position, part.length()).equals(part)) {
          return false;
        }
        position += part.length();
      }
      return position == stored.length();
    }
  }
}
