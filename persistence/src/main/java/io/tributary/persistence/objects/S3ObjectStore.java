package io.tributary.persistence.objects;

import io.tributary.persistence.Bytes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in a bucket of S3, or of a server that speaks its protocol and keeps {@code
 * If-None-Match: *} atomic. The client's event loops belong to the store.
 *
 * <p>Reads are tried again a few times by the client. Puts never: a second attempt of one put may
 * meet the first, and only the caller knows what a name stands for.
 *
 * <p>Source: AWS S3 API reference, PutObject, GetObject, ListObjectsV2.
 */
public final class S3ObjectStore implements ObjectStore {
  private static final int CONNECTIONS_MAX = 128;
  private static final int WAITING_MAX = 4_096;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration CONNECTION_WAIT_MAX = Duration.ofSeconds(10);

  /** A put of the largest object over a slow line still fits; past it the outcome is unknown. */
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(30);

  private static final int READ_ATTEMPTS_MAX = 3;
  private static final int PRECONDITION_FAILED = 412;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final S3Location location;
  private final SdkAsyncHttpClient http;
  private final S3AsyncClient reads;
  private final S3AsyncClient writes;

  S3ObjectStore(S3Location location) {
    this.location = location;
    this.http =
        NettyNioAsyncHttpClient.builder()
            .maxConcurrency(CONNECTIONS_MAX)
            .maxPendingConnectionAcquires(WAITING_MAX)
            .connectionTimeout(CONNECT_TIMEOUT)
            .connectionAcquisitionTimeout(CONNECTION_WAIT_MAX)
            .build();
    this.reads =
        client(
            AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(READ_ATTEMPTS_MAX)
                .build());
    this.writes = client(AwsRetryStrategy.doNotRetry());
  }

  private S3AsyncClient client(RetryStrategy retries) {
    var builder =
        S3AsyncClient.builder()
            .httpClient(http)
            .region(Region.of(location.region()))
            .credentialsProvider(DefaultCredentialsProvider.builder().build())
            .forcePathStyle(location.pathStyle())
            // A put carries its own; what others sum up would travel in chunks that not every
            // server understands.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_SUPPORTED)
            .overrideConfiguration(
                options -> options.retryStrategy(retries).apiCallAttemptTimeout(ATTEMPT_TIMEOUT));
    location.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Only 412 says that the key is taken. A 409 says that another attempt is under way, which may
   * still fail, so it is unknown.
   */
  @Override
  public CompletionStage<PutOutcome> putIfAbsent(ObjectKey key, List<Bytes> parts) {
    try {
      ObjectRules.checkPut(parts);
    } catch (IllegalArgumentException mistake) {
      return CompletableFuture.failedFuture(mistake);
    }
    ByteBuffer[] buffers = parts.stream().map(Bytes::asByteBuffer).toArray(ByteBuffer[]::new);
    return outcome(
        () ->
            writes.putObject(
                request ->
                    request
                        .bucket(location.bucket())
                        .key(location.nameOf(key))
                        .ifNoneMatch("*")
                        .checksumCRC32C(crc32c(parts)),
                AsyncRequestBody.fromByteBuffersUnsafe(buffers)),
        _ -> new PutOutcome.Stored(),
        failure ->
            hasStatus(failure, PRECONDITION_FAILED)
                ? new PutOutcome.Occupied()
                : new PutOutcome.Unknown(failure));
  }

  /** As S3 writes it: base64 of the big-endian sum. */
  private static String crc32c(List<Bytes> parts) {
    CRC32C crc = new CRC32C();
    parts.forEach(part -> crc.update(part.asByteBuffer()));
    byte[] sum = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    return Base64.getEncoder().encodeToString(sum);
  }

  @Override
  public CompletionStage<GetOutcome> get(ObjectKey key) {
    return read(key, Optional.empty());
  }

  @Override
  public CompletionStage<GetOutcome> getRange(ObjectKey key, long from, int length) {
    try {
      ObjectRules.checkRange(from, length);
    } catch (IllegalArgumentException mistake) {
      return CompletableFuture.failedFuture(mistake);
    }
    return length == 0
        ? empty(key)
        : read(key, Optional.of("bytes=" + from + "-" + (from + length - 1)));
  }

  @Override
  public CompletionStage<GetOutcome> getSuffix(ObjectKey key, int length) {
    try {
      ObjectRules.checkRange(0, length);
    } catch (IllegalArgumentException mistake) {
      return CompletableFuture.failedFuture(mistake);
    }
    return length == 0 ? empty(key) : read(key, Optional.of("bytes=-" + length));
  }

  private CompletionStage<GetOutcome> read(ObjectKey key, Optional<String> range) {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(location.bucket()).key(location.nameOf(key));
    range.ifPresent(request::range);
    CompletionStage<GetOutcome> outcome =
        outcome(
            () -> reads.getObject(request.build(), AsyncResponseTransformer.toBytes()),
            response ->
                new GetOutcome.Found(
                    Bytes.wrap(response.asByteArrayUnsafe()), objectBytes(response.response())),
            S3ObjectStore::failedRead);
    return outcome.thenCompose(
        read ->
            read instanceof GetOutcome.Unknown(Throwable failure)
                    && hasStatus(failure, RANGE_NOT_SATISFIABLE)
                ? empty(key)
                : CompletableFuture.completedStage(read));
  }

  private static long objectBytes(GetObjectResponse response) {
    String range = response.contentRange();
    return range == null
        ? response.contentLength()
        : Long.parseLong(range.substring(range.lastIndexOf('/') + 1));
  }

  /**
   * No bytes of the object, if it is there. Not by HEAD: its answer has no body, so an absent
   * bucket would look like an absent object.
   */
  private CompletionStage<GetOutcome> empty(ObjectKey key) {
    return read(key, Optional.of("bytes=0-0"))
        .thenApply(
            read ->
                read instanceof GetOutcome.Found(Bytes _, long objectBytes)
                    ? new GetOutcome.Found(Bytes.EMPTY, objectBytes)
                    : read);
  }

  /** A bucket that is away answers 404 as well, and says nothing about the object. */
  private static GetOutcome failedRead(Throwable failure) {
    return failure instanceof NoSuchKeyException
        ? new GetOutcome.Absent()
        : new GetOutcome.Unknown(failure);
  }

  @Override
  public CompletionStage<ListOutcome> list(String prefix, Optional<ObjectKey> after) {
    return outcome(
        () ->
            reads.listObjectsV2(
                request -> {
                  request
                      .bucket(location.bucket())
                      .prefix(location.prefix() + prefix)
                      .maxKeys(LIST_PAGE_MAX);
                  after.ifPresent(key -> request.startAfter(location.nameOf(key)));
                }),
        (ListObjectsV2Response page) ->
            new ListOutcome.Listed(
                page.contents().stream().flatMap(object -> entry(object).stream()).toList(),
                page.isTruncated()),
        ListOutcome.Unknown::new);
  }

  /** Empty for what others have put below the prefix under a name that is no key. */
  private Optional<Entry> entry(S3Object object) {
    String key = object.key().substring(location.prefix().length());
    return ObjectKey.isKey(key)
        ? Optional.of(
            new Entry(new ObjectKey(key), object.size(), object.lastModified().toEpochMilli()))
        : Optional.empty();
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(ObjectKey key) {
    return outcome(
        () ->
            writes.deleteObject(
                request -> request.bucket(location.bucket()).key(location.nameOf(key))),
        _ -> new DeleteOutcome.Deleted(),
        failure ->
            failure instanceof NoSuchKeyException
                ? new DeleteOutcome.Deleted()
                : new DeleteOutcome.Unknown(failure));
  }

  private static <R, T> CompletionStage<T> outcome(
      Supplier<CompletableFuture<R>> call,
      Function<? super R, ? extends T> done,
      Function<Throwable, ? extends T> failed) {
    CompletableFuture<R> response;
    try {
      response = call.get();
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(failed.apply(e));
    }
    return response.handle(
        (answer, failure) -> failure == null ? done.apply(answer) : failed.apply(cause(failure)));
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static boolean hasStatus(Throwable failure, int status) {
    return failure instanceof S3Exception answer && answer.statusCode() == status;
  }

  @Override
  public void close() {
    reads.close();
    writes.close();
    http.close();
  }
}
