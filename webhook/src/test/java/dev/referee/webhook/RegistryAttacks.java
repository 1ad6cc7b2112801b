package dev.referee.webhook;

import static dev.referee.webhook.Attacked.REPOSITORY;
import static dev.referee.webhook.Attacked.SIGNED;
import static dev.referee.webhook.Attacked.match;
import static dev.referee.webhook.Attacked.pod;
import static dev.referee.webhook.Attacked.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.client.RegistryClient;
import dev.referee.client.RegistryClientConfig;
import dev.referee.oci.ArtifactSource;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.ImageManifest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.ManifestContent;
import dev.referee.oci.MediaType;
import dev.referee.oci.ReferrerList;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.testing.Artifacts;
import dev.referee.testing.ScriptedServer;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// What a registry tries that wants an unsigned image let in.
final class RegistryAttacks {
  private RegistryAttacks() {}

  static void twoAnswers(Attacked webhook) throws Exception {
    var turn = new AtomicBoolean();
    webhook.sources =
        (repository, deadline) -> {
          webhook.repository.tag(
              "app",
              turn.getAndSet(!turn.get()) ? webhook.unsigned.digest() : webhook.signed.digest());
          return webhook.repository.open(repository, deadline);
        };
    var image = REPOSITORY + ":app";
    var review = pod(image);
    var pinned = webhook.patch(review).path(1).path("value").asText();
    assertThat(pinned).isEqualTo("%s@%s", image, webhook.signed.digest());

    // The digest decides from here on, whatever the tag is by now.
    webhook.allows(pod(pinned));
    webhook.refuses(pod("%s@%s".formatted(image, webhook.unsigned.digest())), "UNSIGNED");
    // Without pinning, a verdict names the digest that it is about.
    for (int i = 0; i < 6; i++) {
      turn.set(i % 2 == 1);
      if (i % 2 == 1) {
        webhook.refuses(review, webhook.unsigned.digest().toString(), "UNSIGNED");
      } else {
        assertThat(webhook.allows(review).path("auditAnnotations").path("images").asText())
            .contains(webhook.signed.digest().toString());
      }
    }
  }

  static void lyingDigest(Attacked webhook) throws Exception {
    var evil = webhook.repository.manifest(webhook.unsigned.digest()).orElseThrow().bytes();
    var good = webhook.signed.digest().toString();
    var vertx = Vertx.vertx();
    try (var registry = ScriptedServer.start();
        var client = new RegistryClient(vertx, RegistryClientConfig.defaults())) {
      var lie =
          ScriptedServer.reply(
              200,
              evil,
              "Content-Type",
              MediaType.OCI_MANIFEST.value(),
              "Docker-Content-Digest",
              good);
      registry.on("GET /v2/shop/cart/manifests/tag", lie);
      registry.on("HEAD /v2/shop/cart/manifests/tag", lie);
      serveSignature(registry, webhook);
      webhook.sources = client;
      var image = registry.host() + "/shop/cart";
      webhook.resources.add(policy("everything", match("127.0.0.1:*/**")));

      // What came is hashed, whatever the header says.
      webhook.refuses(pod(image + ":tag"), webhook.unsigned.digest().toString(), "UNSIGNED");
      assertThat(webhook.patch(pod(image + ":tag")).toString()).doesNotContain(good);
      // With its digest in place of what came, the image would have been let in.
      webhook.allows(pod(image + "@" + good));
    } finally {
      vertx.close().await();
    }
  }

  /// Everything that speaks for the signed image, as it is.
  private static void serveSignature(ScriptedServer registry, Attacked webhook)
      throws SourceException, MalformedContentException {
    var memory = webhook.repository;
    var referrers = memory.referrers(webhook.signed.digest()).descriptors();
    var index = Artifacts.index(memory, referrers, null);
    var path = "GET /v2/shop/cart/";
    registry.on(
        path + "referrers/" + webhook.signed.digest(),
        ScriptedServer.reply(
            200,
            memory.manifest(index.digest()).orElseThrow().bytes(),
            "Content-Type",
            MediaType.OCI_INDEX.value()));
    for (var referrer : referrers) {
      var manifest = memory.manifest(referrer.digest()).orElseThrow();
      registry.on(
          path + "manifests/" + referrer.digest(),
          ScriptedServer.reply(
              200, manifest.bytes(), "Content-Type", MediaType.OCI_MANIFEST.value()));
      for (var layer : ((ImageManifest) manifest.parse()).layers()) {
        registry.on(
            path + "blobs/" + layer.digest(),
            ScriptedServer.reply(200, memory.blobBytes(layer, 1 << 20).orElseThrow()));
      }
    }
  }

  static void errors(Attacked webhook) throws Exception {
    var memory = webhook.repository;
    var faults =
        List.<Supplier<Throwable>>of(
            () -> new SourceException(SourceReason.UNREACHABLE, "refused"),
            () -> new SourceException(SourceReason.MALFORMED_RESPONSE, "not JSON"),
            () -> new IllegalStateException("a bug"),
            NullPointerException::new,
            StackOverflowError::new,
            () -> new AssertionError("another bug"));
    var turn = new AtomicInteger();
    webhook.sources = (_, _) -> new Faulty(memory, faults.get(turn.get()));
    for (; turn.get() < faults.size(); turn.incrementAndGet()) {
      webhook.refuses(pod(SIGNED));
      webhook.refuses(pod(REPOSITORY + "@" + webhook.signed.digest()));
    }
    webhook.sources = memory;
  }

  /// A source in which every look at referrers fails in a way of its own.
  private record Faulty(ArtifactSource source, Supplier<Throwable> fault)
      implements ArtifactSource {
    @Override
    public Optional<ManifestContent> manifest(String tag) throws SourceException {
      return source.manifest(tag);
    }

    @Override
    public Optional<ManifestContent> manifest(Digest digest) throws SourceException {
      return source.manifest(digest);
    }

    @Override
    public Optional<InputStream> blob(Descriptor descriptor) throws SourceException {
      return source.blob(descriptor);
    }

    @Override
    public ReferrerList referrers(Digest subject) throws SourceException {
      switch (fault.get()) {
        case SourceException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalArgumentException("fits no signature", e);
      }
    }
  }
}
