package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Digest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyIT {
  private static final int WRITERS = 16;

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

  /// Others lose half of what they have acknowledged here.
  @Test
  void losesNoReferrerOfSixteenWriters() throws Exception {
    var image = registry.pushImage("a", "v1");
    var acknowledged = ConcurrentHashMap.<String>newKeySet();
    try (var replica = TestRegistry.start(root)) {
      together(
          writer -> {
            var mine = writer % 2 == 0 ? registry : replica;
            for (int i = 0; i < 25; i++) {
              var signature =
                  TestManifest.artifact("application/x")
                      .with("x-writer", writer + "-" + i)
                      .subject(image);
              mine.push("a", signature);
              acknowledged.add(signature.digest().toString());
              // What was acknowledged is seen at once, by its own writer at least.
              assertThat(listed(mine, image.digest())).contains(signature.digest().toString());
            }
            return acknowledged;
          });

      assertThat(acknowledged).hasSize(WRITERS * 25);
      assertThat(listed(registry, image.digest())).isEqualTo(acknowledged);
      assertThat(listed(replica, image.digest())).isEqualTo(acknowledged);
    }
  }

  /// Docker pushes shared layers in parallel, and wants every push to succeed.
  @Test
  void takesTheSameBlobFromAllAtOnce() throws Exception {
    var content = new byte[1 << 20];
    new Random(1).nextBytes(content);
    var digest = Digest.of(content);

    together(
        writer -> {
          var repository = "r" + writer % 4;
          var place =
              registry.post("/v2/%s/blobs/uploads/".formatted(repository)).header("Location");
          registry.send("PATCH", place, content).hasStatus(202);
          return registry.send("PUT", place + "?digest=" + digest, new byte[0]).hasStatus(201);
        });

    for (int i = 0; i < 4; i++) {
      assertThat(registry.get("/v2/r%d/blobs/%s".formatted(i, digest)).bytes()).isEqualTo(content);
    }
  }

  @Test
  void takesTheSameManifestFromAllAtOnce() throws Exception {
    var image = registry.pushImage("a", "v1");
    var signature = TestManifest.artifact("application/x").subject(image);

    together(writer -> registry.put("a", "t" + writer, signature).hasStatus(201));

    assertThat(listed(registry, image.digest())).containsExactly(signature.digest().toString());
    assertThat(registry.get("/v2/a/tags/list").json().path("tags")).hasSize(WRITERS + 1);
  }

  /// One wins, the others are told where the upload is; no piece is ever mixed with another.
  @Test
  void letsOnlyOneWriterIntoAnUpload() throws Exception {
    var place = registry.post("/v2/a/blobs/uploads/").header("Location");
    var piece = "p".repeat(200_000).getBytes(UTF_8);

    var answers =
        together(_ -> registry.send("PATCH", place, piece, "Content-Range", "0-199999").status());

    assertThat(answers).containsOnlyOnce(202).containsOnly(202, 416);
    registry.send("PUT", place + "?digest=" + Digest.of(piece), new byte[0]).hasStatus(201);
  }

  /// A push and a deletion of the same manifest at the same time leave it whole or gone.
  @Test
  void leavesNothingHalfBetweenPushAndDelete() throws Exception {
    var image = registry.pushImage("a", "v1");
    var signature = TestManifest.artifact("application/x").subject(image);
    var path = "/v2/a/manifests/" + signature.digest();
    for (int round = 0; round < 20; round++) {
      together(
          writer -> {
            if (writer % 2 == 0) {
              return registry.put("a", "sig", signature).hasStatus(201);
            }
            return assertThat(registry.delete(path).status()).isIn(202, 404);
          });

      boolean there = registry.head(path).status() == 200;
      assertThat(registry.head("/v2/a/manifests/sig").status()).isEqualTo(there ? 200 : 404);
      assertThat(listed(registry, image.digest())).hasSize(there ? 1 : 0);
    }
  }

  @FunctionalInterface
  private interface Work {
    Object of(int writer) throws Exception;
  }

  private static List<Object> together(Work work) throws Exception {
    var barrier = new CyclicBarrier(WRITERS);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks =
          IntStream.range(0, WRITERS)
              .<Callable<Object>>mapToObj(
                  writer ->
                      () -> {
                        barrier.await();
                        return work.of(writer);
                      })
              .toList();
      var results = new ArrayList<>();
      for (var future : executor.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    }
  }

  private static Set<String> listed(TestRegistry from, Digest subject) throws Exception {
    var listed = new HashSet<String>();
    from.referrers("a", subject)
        .path("manifests")
        .forEach(entry -> listed.add(entry.path("digest").asText()));
    return listed;
  }
}
