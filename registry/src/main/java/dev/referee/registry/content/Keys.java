package dev.referee.registry.content;

import dev.referee.oci.Digest;

/// The key of every fact. One object holds one fact, and no object is shared by two writers that do
/// not mean the same:
///
/// ```
/// blobs/<alg>/<h2>/<hex>/<generation>               content; a generation's name is never used again
/// l/<alg>/<hex>/<R>/<push>                          a repository has this blob, because of this push
/// m/<R>/<alg>/<hex>                                 a manifest; the commit point of its push
/// t/<R>/<tag>                                       what a tag points at
/// s/<R>/<alg>/<hex of subject>/<referrer>~<push>    a referrer; counts while its manifest is there
/// c/<R>/<alg>/<hex of child>/<parent>~<push>        an index names this child
/// gc/<alg>/<hex>/<generation>~<collector>           this generation is about to be collected
/// gcm/<R>/<alg>/<hex>/<collector>                   this manifest is about to be collected
/// gcs/<collector>                                   when a collector gave its last sign
/// h/<R>/<alg>/<hex>/<push>                          a push of this manifest is under way
/// p/<R>/<alg>/<hex>/<holder>/<end>                  somebody needs this manifest until then
/// repos/<R>                                         the repository exists
/// ```
///
/// `R` is [RepositoryName#segment], always followed by a slash. Whatever a push writes beside the
/// manifest carries the push's own id, so that whoever cleans up after one push can never remove
/// what another one has just written.
final class Keys {
  static final String REPOSITORIES = "repos/";
  static final String BLOBS = "blobs/";
  static final String LINKS = "l/";
  static final String SIGNS = "gcs/";
  static final String PINS = "p/";

  private Keys() {}

  static String generation(Digest digest, String generation) {
    return generations(digest) + generation;
  }

  static String generations(Digest digest) {
    return "blobs/%s/%s/%s/"
        .formatted(digest.algorithm().prefix(), digest.hex().substring(0, 2), digest.hex());
  }

  static String link(Digest digest, RepositoryName repository, String push) {
    return links(digest, repository) + push;
  }

  static String links(Digest digest, RepositoryName repository) {
    return links(digest) + repository.segment() + "/";
  }

  /// Behind every link of a repository and before those of the next: no push is called `~`.
  static String behindLinks(Digest digest, RepositoryName repository) {
    return links(digest, repository) + "~";
  }

  static String links(Digest digest) {
    return "l/%s/".formatted(path(digest));
  }

  static String manifest(RepositoryName repository, Digest digest) {
    return "m/%s/%s".formatted(repository.segment(), path(digest));
  }

  static String tag(RepositoryName repository, String tag) {
    return tags(repository) + tag;
  }

  static String tags(RepositoryName repository) {
    return "t/%s/".formatted(repository.segment());
  }

  static String referrer(RepositoryName repository, Digest subject, Digest referrer, String push) {
    return referrers(repository, subject) + edge(referrer, push);
  }

  static String referrers(RepositoryName repository, Digest subject) {
    return "s/%s/%s/".formatted(repository.segment(), path(subject));
  }

  static String child(RepositoryName repository, Digest child, Digest parent, String push) {
    return "c/%s/%s/%s".formatted(repository.segment(), path(child), edge(parent, push));
  }

  static String children(RepositoryName repository, Digest child) {
    return "c/%s/%s/".formatted(repository.segment(), path(child));
  }

  static String manifests(RepositoryName repository) {
    return "m/%s/".formatted(repository.segment());
  }

  static String pin(RepositoryName repository, Digest digest, String holder, long end) {
    return pins(repository, digest, holder) + end;
  }

  static String pins(RepositoryName repository, Digest digest, String holder) {
    return "p/%s/%s/%s/".formatted(repository.segment(), path(digest), holder);
  }

  static String pins(RepositoryName repository) {
    return "p/%s/".formatted(repository.segment());
  }

  static String hold(RepositoryName repository, Digest digest, String push) {
    return holds(repository, digest) + push;
  }

  /// The holds of every manifest of a repository.
  static String holds(RepositoryName repository) {
    return "h/%s/".formatted(repository.segment());
  }

  static String holds(RepositoryName repository, Digest digest) {
    return "h/%s/%s/".formatted(repository.segment(), path(digest));
  }

  static String manifestMark(RepositoryName repository, Digest digest, String collector) {
    return manifestMarks(repository, digest) + collector;
  }

  static String manifestMarks(RepositoryName repository, Digest digest) {
    return "gcm/%s/%s/".formatted(repository.segment(), path(digest));
  }

  static String sign(String collector) {
    return SIGNS + collector;
  }

  static String mark(Digest digest, String generation, String collector) {
    return marks(digest) + generation + "~" + collector;
  }

  /// The last segment of a key.
  static String name(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  /// The digest that two segments of a key are, the first at this index.
  static Digest digest(String key, int algorithm, int hex) {
    var segments = key.split("/", -1);
    return Digest.parse(segments[algorithm] + ":" + segments[hex]);
  }

  static String marks(Digest digest) {
    return "gc/%s/".formatted(path(digest));
  }

  static String repository(RepositoryName repository) {
    return REPOSITORIES + repository.segment();
  }

  private static String path(Digest digest) {
    return digest.algorithm().prefix() + "/" + digest.hex();
  }

  private static String edge(Digest digest, String push) {
    return "%s-%s~%s".formatted(digest.algorithm().prefix(), digest.hex(), push);
  }
}
