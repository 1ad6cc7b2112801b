package dev.referee.e2e.s3;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.cluster.CallbackAddress;
import dev.referee.e2e.cluster.ChildProcess;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.e2e.tools.GoTool;
import dev.referee.e2e.tools.ModuleFolder;
import dev.referee.e2e.tools.TemporaryFolder;
import dev.referee.registry.storage.S3ObjectStore;
import dev.referee.registry.storage.S3Settings;
import dev.referee.registry.storage.StorageException;
import dev.referee.testing.tls.Hosts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/// versitygw over a folder: an S3 service with conditional requests, lists and signatures of its
/// own, built from its published module.
public final class S3Service implements AutoCloseable {
  public static final String BUCKET = "registry";

  /// With these a registry collects every second, and keeps what nothing refers to for as short as
  /// it may.
  public static final List<String> COLLECTING =
      List.of(
          "--collect",
          "on",
          "--collect-every",
          "1s",
          "--collect-grace",
          "10m",
          "--keep-untagged",
          "10m");

  private static final String LOOPBACK = "127.0.0.1";
  private static final String USER = "e2e";
  private static final String SECRET = "e2e-secret";
  private static final GoTool VERSITYGW =
      new GoTool(
          ModuleFolder.goModule("clients/versitygw"),
          "versitygw",
          "github.com/versity/versitygw/cmd/versitygw",
          Duration.ofSeconds(61));

  private final TemporaryFolder folder;
  private final ChildProcess process;
  private final URI endpoint;

  private S3Service(TemporaryFolder folder, ChildProcess process, URI endpoint) {
    this.folder = requireNonNull(folder, "folder is null");
    this.process = requireNonNull(process, "process is null");
    this.endpoint = requireNonNull(endpoint, "endpoint is null");
  }

  /// Starts it with one empty bucket, on loopback.
  public static S3Service start(GoBuilds builds) throws IOException {
    return start(builds, new CallbackAddress(LOOPBACK, InetAddress.getLoopbackAddress()));
  }

  /// Starts it with one empty bucket, where pods of a cluster reach it.
  public static S3Service start(GoBuilds builds, CallbackAddress address) throws IOException {
    var executable = builds.executable(VERSITYGW);
    var folder = TemporaryFolder.create("referee-e2e-s3");
    Files.createDirectories(folder.path().resolve("data").resolve(BUCKET));
    var bind = address.bind();
    int port = freePort(bind);
    var process =
        ChildProcess.start(
            List.of(
                executable.toString(),
                "--port",
                Hosts.inUrl(bind.getHostAddress()) + ":" + port,
                "posix",
                folder.path().resolve("data").toString()),
            folder.path(),
            Map.of("ROOT_ACCESS_KEY", USER, "ROOT_SECRET_KEY", SECRET),
            folder.path().resolve("versitygw.log"));
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> accepts(bind, port));
    var endpoint = URI.create("http://%s:%d".formatted(Hosts.inUrl(address.host()), port));
    return new S3Service(folder, process, endpoint);
  }

  /// A client of its own over the part of the bucket that has this prefix.
  public S3ObjectStore open(String prefix) throws StorageException {
    return open(BUCKET, prefix);
  }

  S3ObjectStore open(String bucket, String prefix) throws StorageException {
    return S3ObjectStore.open(
        new S3Settings(bucket, endpoint, "us-east-1", prefix, true),
        StaticCredentialsProvider.create(AwsBasicCredentials.create(USER, SECRET)));
  }

  /// The options with which `referee registry` keeps its content below this prefix.
  public List<String> options(String prefix) {
    return List.of(
        "--s3-bucket",
        BUCKET,
        "--s3-endpoint",
        endpoint.toString(),
        "--s3-prefix",
        prefix,
        "--s3-path-style");
  }

  public URI endpoint() {
    return endpoint;
  }

  /// The credentials of the bucket, as a Secret for an OciRegistry has them.
  public Map<String, String> secret() {
    return Map.of("accessKeyId", USER, "secretAccessKey", SECRET);
  }

  /// The credentials of the bucket, as `referee registry` finds them in its environment.
  public Map<String, String> variables() {
    return Map.of("AWS_ACCESS_KEY_ID", USER, "AWS_SECRET_ACCESS_KEY", SECRET);
  }

  private static int freePort(InetAddress bind) throws IOException {
    try (var socket = new ServerSocket(0, 1, bind)) {
      return socket.getLocalPort();
    }
  }

  private static boolean accepts(InetAddress bind, int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(bind, port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.stop();
    folder.close();
  }
}
