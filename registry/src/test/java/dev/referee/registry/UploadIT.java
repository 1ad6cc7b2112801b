package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Digest;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.registry.TestRegistry.Answer;
import dev.referee.registry.content.UploadLimits;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadIT {
  private static final String ALL = "0123456789";
  private static final Digest DIGEST = Digest.of(bytes(ALL));

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

  @ParameterizedTest
  @EnumSource
  void takesABlobInOnePost(DigestAlgorithm algorithm) throws Exception {
    var digest = Digest.of(algorithm, bytes(ALL));

    var answer = registry.send("POST", "/v2/a/blobs/uploads/?digest=" + digest, bytes(ALL));

    assertCreated(answer, digest);
  }

  @ParameterizedTest
  @EnumSource
  void takesABlobInPostAndPut(DigestAlgorithm algorithm) throws Exception {
    var digest = Digest.of(algorithm, bytes(ALL));
    var place = begin("a");

    assertCreated(registry.send("PUT", place + "?digest=" + digest, bytes(ALL)), digest);
    // The upload is over.
    registry.get(place).refused(404, "BLOB_UPLOAD_UNKNOWN");
  }

  @ParameterizedTest
  @EnumSource
  void takesABlobInPieces(DigestAlgorithm algorithm) throws Exception {
    var digest = Digest.of(algorithm, bytes(ALL));
    var place = begin("a");
    assertAt(registry.get(place), 204, "0-0");
    assertAt(patch(place, "0-3", "0123"), 202, "0-3");
    assertAt(registry.get(place), 204, "0-3");
    assertAt(patch(place, "4-6", "456"), 202, "0-6");

    var answer =
        registry.send("PUT", place + "?digest=" + digest, bytes("789"), "Content-Range", "7-9");

    assertCreated(answer, digest);
  }

  @ParameterizedTest
  @EnumSource
  void takesAStreamAndAnEmptyEnd(DigestAlgorithm algorithm) throws Exception {
    var digest = Digest.of(algorithm, bytes(ALL));
    var place = begin("a");
    assertAt(registry.send("PATCH", place, bytes(ALL)), 202, "0-9");

    assertCreated(registry.send("PUT", place + "?digest=" + digest, bytes("")), digest);
  }

  /// The digest's colon comes encoded, and beside whatever query a location has.
  @Test
  void takesAnEncodedDigest() throws Exception {
    var place = begin("a");

    assertCreated(
        registry.send(
            "PUT", place + "?other=1&digest=" + DIGEST.toString().replace(":", "%3A"), bytes(ALL)),
        DIGEST);
  }

  @Test
  void tellsWhereToGoOnAfterAPieceOutOfOrder() throws Exception {
    var place = begin("a");
    patch(place, "0-3", "0123").hasStatus(202);

    for (var range : new String[] {"5-7", "0-2", "3-5"}) {
      var answer = patch(place, range, "xxx").refused(416, "BLOB_UPLOAD_INVALID");
      assertThat(answer.header("Range")).isEqualTo("0-3");
      assertThat(answer.header("Location")).isEqualTo(place);
    }
    // A piece that was sent twice changes nothing.
    patch(place, "0-3", "0123").refused(416, "BLOB_UPLOAD_INVALID");
    registry
        .send("PUT", place + "?digest=" + DIGEST, bytes("89"), "Content-Range", "8-9")
        .refused(416, "BLOB_UPLOAD_INVALID");
    assertAt(registry.get(place), 204, "0-3");
    patch(place, "4-9", "456789").hasStatus(202);
    assertCreated(registry.send("PUT", place + "?digest=" + DIGEST, bytes("")), DIGEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 0-3/4",
        "-1-3",
        "3-0",
        "0-99999999999999999999",
        "0-9223372036854775807",
        "0-2",
        "0-4",
        "x"
      })
  void refusesRangesThatAreNotThePiece(String range) throws Exception {
    var place = begin("a");

    patch(place, range, "0123").refused(416, "BLOB_UPLOAD_INVALID");
    assertAt(registry.get(place), 204, "0-0");
  }

  /// A piece without a declared length that does not keep to its range leaves no trace.
  @ParameterizedTest
  @CsvSource({"0-9, 01234", "0-2, 01234"})
  void undoesAPieceOfAnotherLength(String range, String content) throws Exception {
    var place = begin("a");
    var answer =
        registry.raw(
            "PATCH %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Range: %s\r\n"
                    .formatted(place, range)
                + "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
                    .formatted(content.length(), content));

    assertThat(answer).startsWith("HTTP/1.1 416").contains("BLOB_UPLOAD_INVALID");
    assertCreated(registry.send("PUT", place + "?digest=" + DIGEST, bytes(ALL)), DIGEST);
  }

  /// Nothing that does not hash to its name is ever kept, and a client may correct itself.
  @ParameterizedTest
  @EnumSource
  void refusesContentWithAnotherDigest(DigestAlgorithm algorithm) throws Exception {
    var digest = Digest.of(algorithm, bytes(ALL));
    var place = begin("a");
    patch(place, "0-3", "0123").hasStatus(202);

    registry
        .send("PUT", place + "?digest=" + digest, bytes("45678!"))
        .refused(400, "DIGEST_INVALID");
    registry
        .send("POST", "/v2/a/blobs/uploads/?digest=" + digest, bytes("other"))
        .refused(400, "DIGEST_INVALID");

    registry.get("/v2/a/blobs/" + digest).refused(404, "BLOB_UNKNOWN");
    assertAt(registry.get(place), 204, "0-3");
    assertCreated(registry.send("PUT", place + "?digest=" + digest, bytes("456789")), digest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha256:baddigest",
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        "sha256:",
        ":",
        "",
        "sha256"
      })
  void refusesDigestsThatAreNone(String digest) throws Exception {
    var place = begin("a");

    registry.send("PUT", place + "?digest=" + digest, bytes(ALL)).refused(400, "DIGEST_INVALID");
    registry
        .send("POST", "/v2/a/blobs/uploads/?digest=" + digest, bytes(ALL))
        .refused(400, "DIGEST_INVALID");
    registry.post("/v2/a/blobs/uploads/?mount=" + digest).refused(400, "DIGEST_INVALID");
  }

  @Test
  void wantsADigestAtTheEnd() throws Exception {
    registry.send("PUT", begin("a"), bytes(ALL)).refused(400, "DIGEST_INVALID");
  }

  @Test
  void takesAHintOfTheAlgorithm() throws Exception {
    registry.post("/v2/a/blobs/uploads/?digest-algorithm=sha512").hasStatus(202);
    registry.post("/v2/a/blobs/uploads/?digest-algorithm=md5").refused(400, "DIGEST_INVALID");
  }

  @Test
  void cancels() throws Exception {
    var place = begin("a");
    patch(place, "0-3", "0123").hasStatus(202);

    registry.delete(place).hasStatus(204);

    registry.get(place).refused(404, "BLOB_UPLOAD_UNKNOWN");
    registry.delete(place).refused(404, "BLOB_UPLOAD_UNKNOWN");
    patch(place, "4-6", "456").refused(404, "BLOB_UPLOAD_UNKNOWN");
    registry
        .send("PUT", place + "?digest=" + DIGEST, bytes(""))
        .refused(404, "BLOB_UPLOAD_UNKNOWN");
  }

  @Test
  void mounts() throws Exception {
    registry.pushBlob("from", ALL);

    assertCreated(
        registry.post("/v2/to/blobs/uploads/?mount=%s&from=from".formatted(DIGEST)), "to", DIGEST);
    // From anywhere.
    assertCreated(registry.post("/v2/other/blobs/uploads/?mount=" + DIGEST), "other", DIGEST);
    // Deleted here, it stays there.
    registry.delete("/v2/from/blobs/" + DIGEST).hasStatus(202);
    registry.get("/v2/to/blobs/" + DIGEST).hasStatus(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"&from=nobody", "&from=a", ""})
  void turnsAMountThatFindsNothingIntoAnUpload(String from) throws Exception {
    var answer = registry.post("/v2/a/blobs/uploads/?mount=" + DIGEST + from).hasStatus(202);

    assertThat(answer.header("Location")).startsWith("/v2/a/blobs/uploads/");
    registry.get("/v2/a/blobs/" + DIGEST).hasStatus(404);
  }

  @Test
  void refusesToMountFromANameThatIsNone() throws Exception {
    registry
        .post("/v2/a/blobs/uploads/?mount=%s&from=../b".formatted(DIGEST))
        .refused(400, "NAME_INVALID");
  }

  /// A registry that is restarted, or another one over the same store, goes on where it was.
  @ParameterizedTest
  @EnumSource
  void resumesAfterARestart(DigestAlgorithm algorithm) throws Exception {
    var digest = Digest.of(algorithm, bytes(ALL));
    var place = begin("a");
    patch(place, "0-3", "0123").hasStatus(202);

    registry.close();
    registry = TestRegistry.start(root);
    assertAt(registry.get(place), 204, "0-3");
    patch(place, "4-6", "456").hasStatus(202);
    try (var other = TestRegistry.start(root)) {
      assertCreated(other.send("PUT", place + "?digest=" + digest, bytes("789")), digest);
    }
    assertThat(registry.get("/v2/a/blobs/" + digest).hasStatus(200).text()).isEqualTo(ALL);
  }

  @Test
  void boundsUnfinishedUploads() throws Exception {
    registry.close();
    registry =
        TestRegistry.start(
            root, config -> config.uploadLimits(new UploadLimits(2, Duration.ofDays(1))));
    var first = begin("a");
    begin("b");

    registry.post("/v2/c/blobs/uploads/").refused(429, "TOOMANYREQUESTS");
    // One request needs no unfinished upload.
    registry.pushBlob("c", "content");
    registry.delete(first).hasStatus(204);
    begin("c");
  }

  private String begin(String repository) throws Exception {
    var answer = registry.post("/v2/%s/blobs/uploads/".formatted(repository)).hasStatus(202);
    var place = answer.header("Location");
    assertThat(place).matches("/v2/%s/blobs/uploads/[0-9a-f]{32}".formatted(repository));
    assertThat(place).endsWith(answer.header("Docker-Upload-UUID"));
    assertThat(answer.header("Range")).isEqualTo("0-0");
    return place;
  }

  private Answer patch(String place, String range, String content) throws Exception {
    return registry.send("PATCH", place, bytes(content), "Content-Range", range);
  }

  private static void assertAt(Answer answer, int status, String range) {
    answer.hasStatus(status);
    assertThat(answer.header("Range")).isEqualTo(range);
    assertThat(answer.header("Location")).contains("/blobs/uploads/");
  }

  private void assertCreated(Answer answer, Digest digest) throws Exception {
    assertCreated(answer, "a", digest);
  }

  private void assertCreated(Answer answer, String repository, Digest digest) throws Exception {
    answer.hasStatus(201);
    assertThat(answer.header("Docker-Content-Digest")).isEqualTo(digest.toString());
    assertThat(answer.header("Location"))
        .isEqualTo("/v2/%s/blobs/%s".formatted(repository, digest));
    assertThat(registry.get(answer.header("Location")).hasStatus(200).text()).isEqualTo(ALL);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
