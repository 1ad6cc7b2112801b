package dev.referee.oci;

import static dev.referee.oci.ContentReason.REFERENCE_INVALID;
import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The name of an image as a pod spells it: `nginx`, `registry.example.com:5000/shop/cart:1.4`,
/// `ghcr.io/org/app:v1@sha256:...`.
///
/// Parsed as container runtimes parse it (the grammar of the `distribution/reference` library,
/// which containerd and the kubelet share), because a reader that differs can be made to verify one
/// image while another runs.
///
/// @param repository where it is
/// @param tag its tag, if any
/// @param digest its digest, if any; with both, the digest decides
public record Reference(Repository repository, @Nullable String tag, @Nullable Digest digest) {
  private static final int MAX_LENGTH = 512;
  private static final int MAX_TAG_LENGTH = 128;
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
  private static final Pattern BARE_ID = Pattern.compile("[a-f0-9]{64}");
  private static final String DEFAULT_TAG = "latest";

  public Reference {
    requireNonNull(repository, "repository is null");
    if (tag != null && !isTag(tag)) {
      throw invalid("\"%s\" is not a tag".formatted(abbreviate(tag)));
    }
  }

  /// Whether this text can be a tag (distribution-spec v1.1.1, "Pulling manifests").
  public static boolean isTag(String text) {
    return text.length() <= MAX_TAG_LENGTH && TAG.matcher(text).matches();
  }

  /// Reads a reference. Without tag and digest the tag is `latest`.
  ///
  /// @throws MalformedContentException with `REFERENCE_INVALID` or `DIGEST_INVALID`
  public static Reference parse(String text) {
    if (text.isEmpty()) {
      throw invalid("an image reference is empty");
    }
    if (text.length() > MAX_LENGTH) {
      throw invalid("an image reference has more than %d characters".formatted(MAX_LENGTH));
    }
    if (BARE_ID.matcher(text).matches()) {
      throw invalid("\"%s\" is a bare image id, not a reference".formatted(text));
    }
    var rest = text;
    Digest digest = null;
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = Digest.parse(rest.substring(at + 1));
      rest = rest.substring(0, at);
    }
    String tag = null;
    int colon = rest.lastIndexOf(':');
    if (colon > rest.lastIndexOf('/')) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
    }
    if (tag == null && digest == null) {
      tag = DEFAULT_TAG;
    }
    return new Reference(repository(rest), tag, digest);
  }

  /// The same repository, by digest alone.
  public Reference at(Digest resolved) {
    return new Reference(repository, null, resolved);
  }

  @Override
  public String toString() {
    return repository + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
  }

  private static Repository repository(String name) {
    int slash = name.indexOf('/');
    if (slash >= 0 && Repository.soundsLikeHost(name.substring(0, slash))) {
      var repository = new Repository(name.substring(0, slash), name.substring(slash + 1));
      return repository.registry().equals(Repository.DOCKER_HUB)
          ? dockerHub(repository.path())
          : repository;
    }
    return dockerHub(name);
  }

  private static Repository dockerHub(String path) {
    return new Repository(Repository.DOCKER_HUB, path.contains("/") ? path : "library/" + path);
  }

  private static String abbreviate(String text) {
    return text.length() <= MAX_TAG_LENGTH ? text : text.substring(0, MAX_TAG_LENGTH) + "...";
  }

  private static MalformedContentException invalid(String message) {
    return new MalformedContentException(REFERENCE_INVALID, message);
  }
}
