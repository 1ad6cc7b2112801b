package dev.referee.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.registry.TestRegistry.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Changes of a tag that must not undo what somebody else has changed (RFC 9110 section 13).
class ConditionalIT {
  private static final String ANY = "*";

  @TempDir Path root;
  private TestRegistry registry;

  @BeforeEach
  void start() throws Exception {
    registry = TestRegistry.start(root);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void createsATagThatMustNotExist() throws Exception {
    put("v1", artifact(1), "If-None-Match", ANY).hasStatus(201);

    put("v1", artifact(2), "If-None-Match", ANY).refused(412, "PRECONDITION_FAILED");

    assertPointsAt("v1", artifact(1));
    // Nothing of what was refused is there.
    registry.get("/v2/a/manifests/" + artifact(2).digest()).refused(404, "MANIFEST_UNKNOWN");
    try (var files = Files.walk(root.resolve("objects/h"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void movesATagThatIsWhatTheClientSaw() throws Exception {
    put("v1", artifact(1), "If-Match", ANY).refused(412, "PRECONDITION_FAILED");
    var one = put("v1", artifact(1)).hasStatus(201).header("Docker-Content-Digest");
    var seen = registry.head("/v2/a/manifests/v1").header("ETag");
    assertThat(seen).isEqualTo(quoted(artifact(1))).contains(one);

    put("v1", artifact(2), "If-Match", seen).hasStatus(201);
    put("v1", artifact(3), "If-Match", seen).refused(412, "PRECONDITION_FAILED");
    assertPointsAt("v1", artifact(2));
    put("v1", artifact(3), "If-Match", seen + ", " + quoted(artifact(2))).hasStatus(201);
    put("v1", artifact(4), "If-Match", ANY).hasStatus(201);
    // Both must hold.
    put("v1", artifact(5), "If-Match", ANY, "If-None-Match", quoted(artifact(4)))
        .refused(412, "PRECONDITION_FAILED");
    put("v1", artifact(5), "If-None-Match", quoted(artifact(1))).hasStatus(201);
    assertPointsAt("v1", artifact(5));
  }

  /// RFC 9110 section 8.8.3.2: a weak tag never is what If-Match wants, and still is what
  /// If-None-Match does not want.
  @Test
  void comparesAsTheHeaderDemands() throws Exception {
    put("v1", artifact(1)).hasStatus(201);
    var weak = "W/" + quoted(artifact(1));

    put("v1", artifact(2), "If-Match", weak).refused(412, "PRECONDITION_FAILED");
    put("v1", artifact(2), "If-None-Match", weak).refused(412, "PRECONDITION_FAILED");
    put("v1", artifact(2), "If-Match", "\"somebody else's\"").refused(412, "PRECONDITION_FAILED");
  }

  /// Ignored, a condition would be as if there were none.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "If-Match      | sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "If-None-Match | sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "If-None-Match | \"v1\"",
        "If-None-Match | ,",
        "If-Match      | \"a\" \"b\"",
      })
  void refusesWhatIsNoEntityTag(String header, String value) throws Exception {
    put("v1", artifact(1), header, value).refused(400, "REQUEST_INVALID");
    registry.get("/v2/a/manifests/v1").hasStatus(404);
  }

  @Test
  void looksAtWhatADigestNames() throws Exception {
    var digest = artifact(1).digest().toString();

    put(digest + "?tag=v1", artifact(1), "If-Match", ANY).refused(412, "PRECONDITION_FAILED");
    registry.get("/v2/a/manifests/v1").hasStatus(404);
    put(digest + "?tag=v1", artifact(1), "If-None-Match", ANY).hasStatus(201);
    put(digest, artifact(1), "If-None-Match", ANY).refused(412, "PRECONDITION_FAILED");
    put(digest, artifact(1), "If-Match", quoted(artifact(1))).hasStatus(201);
  }

  @Test
  void deletesWhatTheClientSaw() throws Exception {
    put("v1", artifact(1)).hasStatus(201);

    delete("v1", quoted(artifact(2))).refused(412, "PRECONDITION_FAILED");
    assertPointsAt("v1", artifact(1));
    delete("v1", quoted(artifact(1))).hasStatus(202);
    delete("v1", quoted(artifact(1))).refused(412, "PRECONDITION_FAILED");
    var digest = artifact(1).digest().toString();
    delete(digest, quoted(artifact(2))).refused(412, "PRECONDITION_FAILED");
    delete(digest, quoted(artifact(1))).hasStatus(202);
  }

  /// A client of the fallback schema reads an index, adds to it and writes it back. With the
  /// condition no addition is lost, whichever of two processes takes it.
  @Test
  void losesNoChangeOfManyWriters() throws Exception {
    put("counter", artifact(0)).hasStatus(201);
    try (var replica = TestRegistry.start(root);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < 6; i++) {
        var through = i % 2 == 0 ? registry : replica;
        writers.add(() -> countUp(through, 5));
      }
      for (var writer : executor.invokeAll(writers)) {
        assertThat(writer.get()).isEqualTo(5);
      }
    }
    assertPointsAt("counter", artifact(30));
  }

  @Test
  void letsOneOfManyCreateATag() throws Exception {
    try (var replica = TestRegistry.start(root);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < 12; i++) {
        var through = i % 2 == 0 ? registry : replica;
        var mine = artifact(i);
        writers.add(() -> put(through, "v1", mine, "If-None-Match", ANY).status());
      }
      var answers = new ArrayList<Integer>();
      for (var writer : executor.invokeAll(writers)) {
        answers.add(writer.get());
      }
      assertThat(answers).containsOnlyOnce(201).containsOnly(201, 412);
    }
  }

  private static int countUp(TestRegistry through, int times) throws Exception {
    int done = 0;
    while (done < times) {
      var seen = through.get("/v2/a/manifests/counter").hasStatus(200);
      int next = Integer.parseInt(seen.json().at("/annotations/n").asText()) + 1;
      var answer = put(through, "counter", artifact(next), "If-Match", seen.header("ETag"));
      if (answer.status() == 201) {
        done++;
      } else {
        answer.refused(412, "PRECONDITION_FAILED");
      }
    }
    return done;
  }

  private static TestManifest artifact(int n) {
    return TestManifest.artifact("application/n")
        .annotations(java.util.Map.of("n", Integer.toString(n)));
  }

  private static String quoted(TestManifest manifest) {
    return "\"" + manifest.digest() + "\"";
  }

  private Answer put(String reference, TestManifest manifest, String... headers) throws Exception {
    return put(registry, reference, manifest, headers);
  }

  private static Answer put(
      TestRegistry through, String reference, TestManifest manifest, String... headers)
      throws Exception {
    var all = new ArrayList<>(List.of("Content-Type", MediaType.OCI_MANIFEST.value()));
    all.addAll(List.of(headers));
    return through.send(
        "PUT", "/v2/a/manifests/" + reference, manifest.bytes(), all.toArray(String[]::new));
  }

  private Answer delete(String reference, String ifMatch) throws Exception {
    return registry.send(
        "DELETE", "/v2/a/manifests/" + reference, new byte[0], "If-Match", ifMatch);
  }

  private void assertPointsAt(String tag, TestManifest manifest) throws Exception {
    assertThat(registry.head("/v2/a/manifests/" + tag).header("Docker-Content-Digest"))
        .isEqualTo(manifest.digest().toString());
    assertThat(Digest.of(registry.get("/v2/a/manifests/" + tag).bytes()))
        .isEqualTo(manifest.digest());
  }
}
