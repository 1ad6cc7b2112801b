package dev.referee.registry.storage;

import static dev.referee.registry.storage.StorageReason.NO_SPACE;
import static dev.referee.registry.storage.StorageReason.UNAVAILABLE;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// The few requests that are made of an S3 service, with its errors turned into ours.
final class S3Bucket implements AutoCloseable {
  /// What one list request gives.
  private static final int MAX_KEYS = 1000;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration CALL_TIMEOUT = Duration.ofMinutes(4);
  private static final int MAX_CONFLICTS = 5;
  private static final String MEDIA_TYPE = "application/octet-stream";

  /// Before a PUT that met another is said again, at first.
  private static final Duration PAUSE = Duration.ofMillis(5);

  /// The content of an object and what identifies it.
  @SuppressWarnings("ArrayRecordComponent") // On its way from one method to the next.
  record Read(byte[] content, String etag, Map<String, String> metadata) {}

  private final S3Client client;
  private final String bucket;

  private S3Bucket(S3Client client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  static S3Bucket open(S3Settings settings, AwsCredentialsProvider credentials) {
    var builder =
        S3Client.builder()
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(READ_TIMEOUT)
                    .build())
            .overrideConfiguration(
                config ->
                    config.apiCallAttemptTimeout(ATTEMPT_TIMEOUT).apiCallTimeout(CALL_TIMEOUT))
            .credentialsProvider(credentials)
            .region(Region.of(settings.region()))
            .forcePathStyle(settings.pathStyle())
            // Trailing checksums are what services other than AWS's understand least.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(config -> config.chunkedEncodingEnabled(false));
    var endpoint = settings.endpoint();
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return new S3Bucket(builder.build(), settings.bucket());
  }

  void put(String key, byte[] content, Map<String, String> metadata) throws StorageException {
    put(key, content, content.length, metadata);
  }

  /// Writes the first bytes of an array, of which no copy is made.
  void put(String key, byte[] content, int length, Map<String, String> metadata)
      throws StorageException {
    var body =
        RequestBody.fromContentProvider(
            () -> new ByteArrayInputStream(content, 0, length), length, MEDIA_TYPE);
    var request = PutObjectRequest.builder().bucket(bucket).key(key).metadata(metadata).build();
    for (int conflicts = 0; ; conflicts++) {
      try {
        client.putObject(request, body);
        return;
      } catch (S3Exception e) {
        // Somebody writes or deletes beside it at this moment; the same can be said again.
        if (e.statusCode() != 409 || conflicts == MAX_CONFLICTS) {
          throw failure("writing " + key, e);
        }
        LockSupport.parkNanos(PAUSE.toNanos() << conflicts);
      } catch (SdkException e) {
        throw failure("writing " + key, e);
      }
    }
  }

  /// Writes an object unless something is in the way.
  ///
  /// @param etag what must be there; null for nothing
  /// @return what identifies it now; empty when something else was there
  Optional<String> putIf(String key, byte[] content, @Nullable String etag)
      throws StorageException {
    var request = PutObjectRequest.builder().bucket(bucket).key(key);
    var conditional = (etag == null ? request.ifNoneMatch("*") : request.ifMatch(etag)).build();
    for (int conflicts = 0; ; conflicts++) {
      try {
        return Optional.of(client.putObject(conditional, RequestBody.fromBytes(content)).eTag());
      } catch (S3Exception e) {
        // 404: what must be there is gone. 409: somebody writes at this moment; ask again.
        if (e.statusCode() == 412 || e.statusCode() == 404) {
          return Optional.empty();
        }
        if (e.statusCode() != 409 || conflicts == MAX_CONFLICTS) {
          throw failure("writing " + key, e);
        }
        LockSupport.parkNanos(PAUSE.toNanos() << conflicts);
      } catch (SdkException e) {
        throw failure("writing " + key, e);
      }
    }
  }

  Optional<Read> get(String key, long maxBytes) throws StorageException {
    var request = GetObjectRequest.builder().bucket(bucket).key(key).build();
    var found = ifThere("reading " + key, () -> client.getObject(request));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (var stream = found.get()) {
      var response = stream.response();
      if (response.contentLength() > maxBytes) {
        stream.abort();
        throw new StorageException(
            StorageReason.CORRUPT,
            "%s has %d bytes".formatted(key, response.contentLength()),
            null);
      }
      var content = stream.readNBytes((int) maxBytes);
      if (content.length != response.contentLength()) {
        throw new StorageException(UNAVAILABLE, "%s ended early".formatted(key), null);
      }
      return Optional.of(new Read(content, response.eTag(), response.metadata()));
    } catch (StorageException e) {
      throw e;
    } catch (IOException | SdkException e) {
      throw failure("reading " + key, e);
    }
  }

  /// A stream of an object's bytes from an offset on, which must be before its end.
  InputStream stream(String key, long offset) throws StorageException {
    var request = GetObjectRequest.builder().bucket(bucket).key(key);
    if (offset > 0) {
      request.range("bytes=%d-".formatted(offset));
    }
    var built = request.build();
    return call("reading " + key, () -> client.getObject(built));
  }

  Optional<HeadObjectResponse> head(String key) throws StorageException {
    return ifThere(
        "looking at " + key, () -> client.headObject(head -> head.bucket(bucket).key(key)));
  }

  void delete(String key) throws StorageException {
    var _ =
        ifThere(
            "deleting " + key, () -> client.deleteObject(delete -> delete.bucket(bucket).key(key)));
  }

  /// The first keys under a prefix, in the order of their bytes.
  List<String> list(String prefix, @Nullable String after, int limit) throws StorageException {
    var keys = new ArrayList<String>();
    var behind = after;
    while (keys.size() < limit) {
      var request = request(prefix, behind, Math.min(MAX_KEYS, limit - keys.size())).build();
      var page = call("listing " + prefix, () -> client.listObjectsV2(request));
      keys.addAll(page.contents().stream().map(S3Object::key).toList());
      if (!Boolean.TRUE.equals(page.isTruncated()) || page.contents().isEmpty()) {
        break;
      }
      behind = keys.getLast();
    }
    return keys;
  }

  private ListObjectsV2Request.Builder request(
      String prefix, @Nullable String behind, int maxKeys) {
    var request = ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).maxKeys(maxKeys);
    return behind == null ? request : request.startAfter(behind);
  }

  @Override
  public void close() {
    client.close();
  }

  private static <T> T call(String what, Supplier<T> request) throws StorageException {
    try {
      return request.get();
    } catch (SdkException e) {
      throw failure(what, e);
    }
  }

  private static <T> Optional<T> ifThere(String what, Supplier<T> request) throws StorageException {
    try {
      return Optional.of(request.get());
    } catch (S3Exception e) {
      if (e.statusCode() == 404) {
        return Optional.empty();
      }
      throw failure(what, e);
    } catch (SdkException e) {
      throw failure(what, e);
    }
  }

  private static StorageException failure(String what, Exception cause) {
    boolean full =
        cause instanceof S3Exception e
            && (e.statusCode() == 507
                || String.valueOf(e.awsErrorDetails()).contains("QuotaExceeded")
                || String.valueOf(e.awsErrorDetails()).contains("StorageFull"));
    return new StorageException(
        full ? NO_SPACE : UNAVAILABLE, "%s failed: %s".formatted(what, cause.getMessage()), cause);
  }
}
