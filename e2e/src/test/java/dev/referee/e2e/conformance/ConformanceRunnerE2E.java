package dev.referee.e2e.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.s3.S3Service;
import dev.referee.e2e.tools.Console;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.e2e.tools.Program;
import dev.referee.e2e.tools.ToolException;
import dev.referee.e2e.tools.ToolReason;
import dev.referee.registry.Registry;
import dev.referee.registry.RegistryConfig;
import dev.referee.registry.RegistryStorage;
import dev.referee.registry.content.SparseManifests;
import dev.referee.server.ListenAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The specification's own conformance runner (`conformance/` of its repository) finds nothing to
/// complain of and has nothing to skip, with every optional part switched on. It is not to be had
/// as a module that builds by its name, so whoever has built it names it by `OCI_CONFORMANCE`.
@WithClients
class ConformanceRunnerE2E {
  private static final String VARIABLE = "OCI_CONFORMANCE";

  /// Fewer would mean that the runner looked at a part only.
  private static final int LEAST_CHECKS = 1000;

  private static final Pattern SUMMARY =
      Pattern.compile(
          "^ +(Disabled|Skip|Pass|FAIL|Error|Total)\\.+: +([0-9]+)$", Pattern.MULTILINE);

  private static Path runner;

  @TempDir private Path folder;

  @BeforeAll
  static void findRunner() {
    var path = System.getenv(VARIABLE);
    if (path == null) {
      throw new ToolException(
          ToolReason.UNAVAILABLE,
          VARIABLE
              + " does not name the conformance runner: go build in conformance/ of"
              + " github.com/opencontainers/distribution-spec makes it");
    }
    runner = Path.of(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1", "dev"})
  void passesOverAFolder(String version) throws Exception {
    var config = config(new RegistryStorage.Folder(folder.resolve("root")));
    try (var registry = Registry.start(config)) {
      assertPasses("a folder", version, registry.uri().getAuthority());
    }
  }

  /// Every request of an upload, and every read after a write, goes to another replica.
  @ParameterizedTest
  @ValueSource(strings = {"1.1", "dev"})
  void passesOverThreeReplicasOfABucket(String version) throws Exception {
    var replicas = new ArrayList<Registry>();
    try (var service = S3Service.start(GoBuilds.standard())) {
      for (int i = 0; i < 3; i++) {
        var unused = new RegistryStorage.Folder(folder.resolve("unused"));
        replicas.add(Registry.start(config(unused), service.open("conformance")));
      }
      try (var balancer = RoundRobin.over(replicas.stream().map(Registry::uri).toList())) {
        assertPasses("three replicas of a bucket", version, balancer.authority());
        assertThat(balancer.rounds()).isGreaterThan(LEAST_CHECKS / 3);
      }
    } finally {
      replicas.forEach(Registry::close);
    }
  }

  private static RegistryConfig config(RegistryStorage storage) {
    return RegistryConfig.of(storage, new ListenAddress("127.0.0.1", 0))
        .sparse(SparseManifests.IMAGES)
        .build();
  }

  private void assertPasses(String what, String version, String authority) throws Exception {
    var results = Files.createDirectories(folder.resolve("results"));
    var ran =
        Program.isolated(runner, folder)
            .with("OCI_VERSION", version)
            .with("OCI_REGISTRY", authority)
            .with("OCI_TLS", "disabled")
            .with("OCI_RESULTS_DIR", results.toString())
            .with("OCI_DATA_SPARSE", "true")
            .with("OCI_API_BLOBS_DIGEST_HEADER", "true")
            .with("OCI_API_BLOBS_UPLOAD_CANCEL", "true")
            .with("OCI_API_MANIFESTS_DIGEST_HEADER", "true")
            .with("OCI_API_MANIFESTS_TAG_PARAM", "true")
            .within(Duration.ofMinutes(15))
            .run();

    var summary = summary(ran.stdout() + ran.stderr());
    Console.standard().say("conformance %s over %s: %s".formatted(version, what, summary));
    assertThat(ran.exitCode()).as(ran.stderr()).isZero();
    assertThat(summary)
        .containsEntry("FAIL", 0)
        .containsEntry("Error", 0)
        .containsEntry("Skip", 0)
        .containsEntry("Disabled", 0);
    assertThat(summary.get("Total"))
        .isGreaterThanOrEqualTo(LEAST_CHECKS)
        .isEqualTo(summary.get("Pass"));
  }

  private static Map<String, Integer> summary(String output) {
    var summary = new HashMap<String, Integer>();
    var matcher = SUMMARY.matcher(output);
    while (matcher.find()) {
      summary.put(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }
    return summary;
  }
}
