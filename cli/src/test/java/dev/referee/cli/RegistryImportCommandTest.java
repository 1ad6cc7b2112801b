package dev.referee.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.client.RegistryClient;
import dev.referee.client.RegistryClientConfig;
import dev.referee.client.RemoteRepository;
import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.oci.MediaType;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import dev.referee.oci.layout.OciLayoutWriter;
import dev.referee.registry.Registry;
import dev.referee.registry.RegistryConfig;
import dev.referee.server.ListenAddress;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.Documents;
import dev.referee.testing.SigningKey;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryImportCommandTest {
  private static final byte[] NO_IMAGES =
      "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[]}"
          .formatted(MediaType.OCI_INDEX.value())
          .getBytes(UTF_8);

  @TempDir private Path layout;
  @TempDir private Path root;

  private final Vertx vertx = Vertx.vertx();
  private final RegistryClient client = new RegistryClient(vertx, RegistryClientConfig.defaults());
  private final CosignSigner signer = new CosignSigner(SigningKey.p256());
  private Registry registry;

  @BeforeEach
  void start() throws IOException {
    registry = Registry.start(RegistryConfig.of(root, ListenAddress.parse("127.0.0.1:0")).build());
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
    vertx.close().await();
  }

  @Test
  void bringsAFolderIntoARegistryThatRuns() throws IOException {
    var writer = OciLayoutWriter.open(layout);
    var image = Artifacts.image(writer, "image", "v1");
    var sbom = Artifacts.attach(writer, image, Documents.SPDX_TYPE, Documents.spdx("demo"));
    var signature = signer.sign(writer, sbom);
    CosignSigner.signTag(writer, image.digest(), "image", signer);
    Artifacts.index(writer, List.of(image, absent()), "multi");

    var run = run("oci-layout:" + layout, "--to", host() + "/team", "--as", "shop/cart");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "to %s/team/shop/cart: 4 tags set; 5 manifests and ".formatted(host()),
            "1 named and not at the source");
    assertThat(run.err().lines())
        .contains(
            "  manifest %s  %s".formatted(sbom.digest(), Documents.SPDX_TYPE),
            "  tag      v1  " + image.digest());
    var copied = repository("team/shop/cart");
    assertThat(copied.tags(10))
        .containsExactlyInAnyOrder("v1", "multi", image.digest().tagForm() + ".sig");
    assertThat(copied.manifest("v1").orElseThrow().digest()).isEqualTo(image.digest());
    assertThat(copied.referrers(image.digest()).descriptors())
        .singleElement()
        .extracting(Descriptor::artifactType)
        .isEqualTo(Documents.SPDX_TYPE);
    assertThat(copied.referrers(sbom.digest()).descriptors())
        .extracting(Descriptor::digest)
        .containsExactly(signature.digest());
  }

  @Test
  void bringsEveryRepositoryOfACatalog(@TempDir Path otherRoot) throws IOException {
    var cart = Artifacts.image(repository("shop/cart"), "cart", "v1");
    var sbom =
        Artifacts.attach(
            repository("shop/cart"), cart, Documents.SPDX_TYPE, Documents.spdx("demo"));
    Artifacts.image(repository("shop/till"), "till", "v1");
    Artifacts.image(repository("shopping"), "list", "v1");
    // A catalog has what has no tags, too.
    repository("shop/untagged").putManifest(NO_IMAGES, MediaType.OCI_INDEX, null);
    try (var other =
        Registry.start(RegistryConfig.of(otherRoot, ListenAddress.parse("127.0.0.1:0")).build())) {
      var to = "127.0.0.1:" + other.uri().getPort();

      var below = run(host() + "/shop/", "--to", to + "/below");
      var all = run(host() + "/", "--to", to + "/all", "--quiet");

      assertThat(below.exitCode()).as(below.err()).isZero();
      assertThat(below.out().lines()).hasSize(3);
      assertThat(all.exitCode()).as(all.err()).isZero();
      assertThat(all.out().lines()).hasSize(4);
      assertThat(client.repositories(to, 100, soon()))
          .contains("below/shop/cart", "below/shop/till", "all/shop/cart", "all/shopping")
          .doesNotContain("below/shopping");
      var copied = client.open(new Repository(to, "all/shop/cart"), soon());
      assertThat(copied.referrers(cart.digest()).descriptors())
          .extracting(Descriptor::digest)
          .containsExactly(sbom.digest());
    }
  }

  @Test
  void saysWhatIsNoCatalog() {
    assertThat(run(host() + "/nothing/", "--to", host()).err())
        .contains("lists no repository below nothing/");
    assertThat(run(host() + "/", "--to", host(), "--as", "one").err())
        .contains("--as names one repository");
    assertThat(run("/", "--to", host()).exitCode()).isEqualTo(2);
    assertThat(run("no host/", "--to", host()).err()).contains("REFERENCE_INVALID");
  }

  @Test
  void bringsEveryTagOfARepositoryAndNothingTwice() throws IOException {
    var source = repository("old/cart");
    var first = Artifacts.image(source, "first", "v1");
    Artifacts.image(source, "second", "v2");
    var sbom = Artifacts.attach(source, first, Documents.SPDX_TYPE, Documents.spdx("demo"));

    var run = run(host() + "/old/cart", "--to", host() + "/new");
    var again = run(host() + "/old/cart", "--to", host() + "/new", "--quiet");

    assertThat(run.exitCode()).as(run.err()).isZero();
    var copied = repository("new/old/cart");
    assertThat(copied.tags(10)).containsExactly("v1", "v2");
    assertThat(copied.referrers(first.digest()).descriptors())
        .extracting(Descriptor::digest)
        .containsExactly(sbom.digest());
    assertThat(again.exitCode()).isZero();
    assertThat(again.err()).isEmpty();
    assertThat(again.out())
        .contains("2 tags set; 0 manifests and 0 blobs (0 B) copied; 3 manifests were there");
  }

  @Test
  void bringsOneImageIntoAStoreUnderAnotherTag() throws IOException {
    var source = repository("old/cart");
    Artifacts.image(source, "first", "v1");
    var second = Artifacts.image(source, "second", "v2");

    var run = run(host() + "/old/cart:v2", "--root", root.toString(), "--as", "c", "--tag", "t");
    var byDigest = run(host() + "/old/cart@" + second.digest(), "--to", host(), "--as", "d");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("old/cart:v2 to c: 1 tags set; 1 manifests and 2 blobs");
    assertThat(repository("c").tags(10)).containsExactly("t");
    assertThat(byDigest.exitCode()).as(byDigest.err()).isZero();
    assertThat(byDigest.err()).contains("has no tag: a registry that collects removes it");
    assertThat(repository("d").manifest(second.digest())).isPresent();
  }

  /// A digest by another algorithm is kept under that one: the index names it so.
  @Test
  void keepsChildrenUnderTheDigestThatTheirIndexNames() throws IOException {
    var writer = OciLayoutWriter.open(layout);
    var image = Artifacts.image(writer, "image", null);
    var bytes = Files.readAllBytes(layout.resolve("blobs/sha256").resolve(image.digest().hex()));
    var sha512 = Digest.of(DigestAlgorithm.SHA512, bytes);
    Files.createDirectories(layout.resolve("blobs/sha512"));
    Files.write(layout.resolve("blobs/sha512").resolve(sha512.hex()), bytes);
    Artifacts.index(writer, List.of(new Descriptor(image.mediaType(), sha512, bytes.length)), "v1");

    var run = run("oci-layout:" + layout + ":v1", "--to", host(), "--as", "shop/cart");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(repository("shop/cart").manifest(sha512)).isPresent();
  }

  @Test
  void whatIsLeftOutShowsInTheExitCode() throws IOException {
    var writer = OciLayoutWriter.open(layout);
    var image = Artifacts.image(writer, "image", "v1");
    var sbom = Artifacts.attach(writer, image, "text/sbom", "an sbom".getBytes(UTF_8));
    Files.delete(file(Digest.of("an sbom".getBytes(UTF_8))));

    var run = run("oci-layout:" + layout + ":v1", "--to", host(), "--as", "shop/cart");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("left out %s (BLOB_MISSING)".formatted(sbom.digest()));
    assertThat(run.out()).contains("1 left out");
    assertThat(repository("shop/cart").manifest("v1")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "missing, BLOB_MISSING",
    "changed, DIGEST_MISMATCH",
    "longer, SIZE_MISMATCH",
    "shorter, SIZE_MISMATCH"
  })
  void anImageWithABrokenLayerIsNotImported(String defect, String reason) throws IOException {
    var writer = OciLayoutWriter.open(layout);
    Artifacts.image(writer, "image", "v1");
    var layer = file(Digest.of("image".getBytes(UTF_8)));
    Files.delete(layer);
    switch (defect) {
      case "changed" -> Files.writeString(layer, "IMAGE");
      case "longer" -> Files.writeString(layer, "image and more");
      case "shorter" -> Files.writeString(layer, "imag");
      default -> {}
    }

    var run = run("oci-layout:" + layout + ":v1", "--to", host(), "--as", "shop/cart");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("v1 was not imported (%s)".formatted(reason));
    assertThat(run.out()).contains("FAILED, start it again to go on");
    assertThat(repository("shop/cart").tags(10)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | MALFORMED_RESPONSE",
        "[] | MALFORMED_RESPONSE",
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":"
            + "\"application/vnd.oci.image.manifest.v1+json\",\"size\":2,"
            + "\"digest\":\"sha256:../../../../etc/passwd\"}]} | MALFORMED_RESPONSE",
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":"
            + "\"application/vnd.oci.image.manifest.v1+json\",\"size\":-1,"
            + "\"digest\":\"sha256:1\"}]} | MALFORMED_RESPONSE"
      })
  void aBrokenIndexIsRefused(String index, String reason) throws IOException {
    OciLayoutWriter.open(layout);
    Files.writeString(layout.resolve("index.json"), index);

    var run = run("oci-layout:" + layout, "--to", host(), "--as", "shop/cart");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("referee: ").contains(reason).contains("index.json");
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void aTagThatNamesTwoManifestsIsRefused() throws IOException {
    var writer = OciLayoutWriter.open(layout);
    var one = Artifacts.image(writer, "one", "v1");
    var two = Artifacts.image(writer, "two", "v2");
    var index = layout.resolve("index.json");
    Files.writeString(index, Files.readString(index).replace("v2", "v1"));

    var run = run("oci-layout:" + layout, "--to", host(), "--as", "shop/cart");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("names several manifests v1");
    assertThat(one).isNotEqualTo(two);
  }

  /// As containerd and Docker's own client name images in folders.
  @Test
  void takesTheTagOfAWholeReference() throws IOException {
    var writer = OciLayoutWriter.open(layout);
    Artifacts.image(writer, "one", "v1");
    Artifacts.image(writer, "two", "v2");
    var index = layout.resolve("index.json");
    Files.writeString(
        index,
        Files.readString(index)
            .replace("\"v1\"", "\"docker.io/library/cart:1.25\"")
            .replace("\"v2\"", "\"no reference at all!\""));

    var run = run("oci-layout:" + layout, "--to", host(), "--as", "shop/cart");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(repository("shop/cart").tags(10)).containsExactly("1.25");
    assertThat(run.err()).contains("has no tag");
  }

  @Test
  void aRegistryThatIsGoneIsSaidOnce() throws IOException {
    var source = repository("old/cart");
    Artifacts.image(source, "first", "v1");
    Artifacts.image(source, "second", "v2");

    var run = run(host() + "/old/cart", "--to", "127.0.0.1:1");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).containsOnlyOnce("TARGET_FAILED");
  }

  @Test
  void misuseIsOneSentence() throws IOException {
    OciLayoutWriter.open(layout);
    Artifacts.image(repository("old/cart"), "first", "v1");
    Artifacts.image(repository("old/cart"), "second", "v2");
    var folder = "oci-layout:" + layout;
    var remote = host() + "/old/cart";

    misused("--as is needed", folder, "--to", host());
    misused("one of --to, --root and --s3-bucket", folder, "--as", "a");
    misused("needs no --root", folder, "--as", "a", "--to", host(), "--root", root.toString());
    misused("--as names one repository", folder, folder, "--as", "a", "--to", host());
    misused("is not a repository name", folder, "--as", "UPPER", "--to", host());
    misused("is not a repository name", folder, "--as", "UPPER", "--root", root.toString());
    misused("is not an OCI layout", "oci-layout:" + root, "--as", "a", "--to", host());
    misused("--tag is for one artifact", remote, "--to", host(), "--tag", "t");
    misused("is not a tag", remote + ":v1", "--to", host(), "--tag", "no tag");
    misused("has no tags", host() + "/nothing/here", "--to", host());
    misused("DIGEST_INVALID", remote + "@sha256:1", "--to", host());
    misused("UNREACHABLE", "127.0.0.1:1/old/cart", "--to", host());
    var file = Files.createTempFile(root, "file", "");
    misused(file.toString(), remote, "--root", file.toString());
  }

  @ParameterizedTest
  @CsvSource({"0,0 B", "1023,1023 B", "1024,1.0 KiB", "12897484,12.3 MiB", "1099511627776,1.0 TiB"})
  void writesSizesAsPeopleReadThem(long bytes, String text) {
    assertThat(ImportProgress.size(bytes)).isEqualTo(text);
  }

  private void misused(String sentence, String... arguments) {
    var run = run(arguments);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("referee: ").contains(sentence);
    assertThat(run.err().lines()).hasSize(1);
  }

  private static CommandLineRun run(String... arguments) {
    var all = new String[arguments.length + 2];
    all[0] = "registry";
    all[1] = "import";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return CommandLineRun.of(all);
  }

  private static Descriptor absent() {
    return Descriptor.of(MediaType.OCI_MANIFEST, "not mirrored".getBytes(UTF_8));
  }

  private Path file(Digest digest) {
    return layout.resolve("blobs/sha256").resolve(digest.hex());
  }

  private String host() {
    return registry.uri().getAuthority();
  }

  private RemoteRepository repository(String path) throws SourceException {
    return client.open(new Repository(host(), path), soon());
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofMinutes(2));
  }
}
