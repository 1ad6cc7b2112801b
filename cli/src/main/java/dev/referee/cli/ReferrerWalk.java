package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.ArtifactSource;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.ImageManifest;
import dev.referee.oci.Index;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Manifest;
import dev.referee.oci.ManifestContent;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import dev.referee.verify.decision.TextTree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Walks everything that refers to an image, and to that, in every way that clients have found to
/// say so.
final class ReferrerWalk {
  /// A signature of a report of an SBOM of an image is the third level.
  private static final int MAX_DEPTH = 8;

  private static final int MAX_NODES = 1_000;
  private static final List<String> COSIGN_SUFFIXES = List.of(".sig", ".att", ".sbom");

  private final ArtifactSource source;
  private final Set<Digest> seen = new HashSet<>();
  private boolean truncated;

  ReferrerWalk(ArtifactSource source) {
    this.source = requireNonNull(source, "source is null");
  }

  /// An artifact and what refers to it.
  ///
  /// @param type what it says it is
  /// @param via how it was found; empty for the root
  /// @param size of its manifest, in bytes
  record Node(Digest digest, String type, String via, long size, List<Node> referrers) {
    TextTree tree() {
      var tree = new TextTree(line());
      referrers.forEach(referrer -> referrer.addTo(tree));
      return tree;
    }

    private void addTo(TextTree parent) {
      var branch = parent.add(line());
      referrers.forEach(referrer -> referrer.addTo(branch));
    }

    private String line() {
      var where = via.isEmpty() ? "" : " (" + via + ")";
      return "%s  %s  %d bytes%s".formatted(digest, type, size, where);
    }

    ObjectNode json() {
      var node = JsonNodeFactory.instance.objectNode();
      node.put("digest", digest.toString()).put("type", type).put("size", size);
      if (!via.isEmpty()) {
        node.put("via", via);
      }
      var children = node.putArray("referrers");
      referrers.forEach(referrer -> children.add(referrer.json()));
      return node;
    }

    /// How many artifacts refer to it, directly or not.
    int count() {
      return referrers.stream().mapToInt(referrer -> 1 + referrer.count()).sum();
    }
  }

  Node walk(ManifestContent root) throws SourceException {
    seen.add(root.digest());
    return node(root, "", 0);
  }

  /// Whether there is more than was walked.
  boolean isTruncated() {
    return truncated;
  }

  private Node node(ManifestContent content, String via, int depth) throws SourceException {
    List<Node> referrers = depth < MAX_DEPTH ? referrers(content.digest(), depth) : List.of();
    return new Node(content.digest(), type(content), via, content.bytes().length, referrers);
  }

  private List<Node> referrers(Digest subject, int depth) throws SourceException {
    var nodes = new ArrayList<Node>();
    for (var descriptor : source.referrers(subject).descriptors()) {
      add(nodes, descriptor.digest(), "referrers API", depth);
    }
    var fallback = source.manifest(subject.tagForm());
    if (fallback.isPresent() && parse(fallback.get()) instanceof Index index) {
      for (var descriptor : index.manifests()) {
        add(nodes, descriptor.digest(), "tag " + subject.tagForm(), depth);
      }
    }
    for (var suffix : COSIGN_SUFFIXES) {
      var tag = subject.tagForm() + suffix;
      var tagged = source.manifest(tag);
      if (tagged.isPresent()) {
        add(nodes, tagged.get().digest(), "tag " + tag, depth);
      }
    }
    return nodes;
  }

  private void add(List<Node> nodes, Digest digest, String via, int depth) throws SourceException {
    if (!seen.add(digest)) {
      return;
    }
    if (seen.size() > MAX_NODES) {
      truncated = true;
      return;
    }
    var content = source.manifest(digest);
    nodes.add(
        content.isPresent()
            ? node(content.get(), via, depth + 1)
            : new Node(digest, "listed, but not there", via, 0, List.of()));
  }

  private static Object parse(ManifestContent content) {
    try {
      return content.parse();
    } catch (MalformedContentException e) {
      return "malformed: " + e.getMessage();
    }
  }

  private static String type(ManifestContent content) {
    return switch (parse(content)) {
      case ImageManifest image -> withBundleHint(image);
      case Manifest manifest -> manifest.mediaType().value();
      case Object malformed -> malformed.toString();
    };
  }

  /// What a Sigstore bundle says it states, since every bundle has the same type.
  private static String withBundleHint(ImageManifest image) {
    var predicate = image.annotations().get("dev.sigstore.bundle.predicateType");
    var layers = image.layers().stream().map(Descriptor::mediaType).distinct().toList();
    var type = image.artifactType();
    if (type.equals(MediaType.OCI_CONFIG.value())) {
      // Nobody said what it is: one of cosign's older artifacts, or an image.
      return layers.size() == 1 && layers.getFirst().value().contains("cosign")
          ? layers.getFirst().value()
          : image.mediaType().value();
    }
    return predicate == null ? type : "%s [%s]".formatted(type, predicate);
  }
}
