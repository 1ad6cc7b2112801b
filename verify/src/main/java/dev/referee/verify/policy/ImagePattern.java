package dev.referee.verify.policy;

import dev.referee.oci.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// A glob over repositories, anchored per component: `*` stands for characters of one component,
/// `**` for any number of components. The first component is the registry's host with its port and
/// only ever matches those (Portieris matched it inside paths: d3058143).
///
/// | pattern | matches |
/// |---|---|
/// | `registry.example.com/team/**` | `team` itself and everything below it |
/// | `registry.example.com/team/*` | the repositories directly in `team` |
/// | `*.example.com/**` | every host of the domain at the default port |
/// | `nginx`, `docker.io/nginx` | `docker.io/library/nginx` |
/// | `**` | every image |
public final class ImagePattern {
  private static final String ANY_PATH = "**";
  private static final String ANY = "*";
  private static final int MAX_LENGTH = 255;

  private static final Pattern COMPONENT = Pattern.compile("[a-z0-9*](?:[a-z0-9*._-]*[a-z0-9*])?");
  private static final Pattern HOST =
      Pattern.compile(
          "(?:[a-z0-9*](?:[a-z0-9*.-]*[a-z0-9*])?|\\[[0-9a-f:]+\\])(?::(?:[0-9]{1,5}|\\*))?");

  private final String text;
  private final List<String> host;
  private final List<String> path;

  private ImagePattern(String text, String host, List<String> path) {
    this.text = text;
    this.host = characters(host);
    this.path = List.copyOf(path);
  }

  /// Reads a pattern. Docker Hub's short names are completed as container runtimes complete them.
  ///
  /// @throws IllegalArgumentException with a sentence, when it could not mean anything
  public static ImagePattern parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "an image pattern has more than %d characters".formatted(MAX_LENGTH));
    }
    if (text.equals(ANY)) {
      throw new IllegalArgumentException("\"*\" is one component; \"**\" is every image");
    }
    if (text.contains("@") || text.lastIndexOf(':') > text.lastIndexOf('/')) {
      throw new IllegalArgumentException(
          "image pattern \"%s\" has a tag or digest; patterns are about repositories"
              .formatted(text));
    }
    var components = new ArrayList<>(List.of(text.split("/", -1)));
    if (components.getFirst().equals(ANY_PATH)) {
      components.addFirst(ANY);
    } else if (!looksLikeHost(components.getFirst())) {
      components.addFirst(Repository.DOCKER_HUB);
    }
    var host = canonicalHost(text, components.removeFirst());
    if (components.isEmpty()) {
      throw new IllegalArgumentException(
          "image pattern \"%s\" is a host without a repository; append /** for all of it"
              .formatted(text));
    }
    if (host.equals(Repository.DOCKER_HUB)
        && components.size() == 1
        && !components.getFirst().equals(ANY_PATH)) {
      components.addFirst("library");
    }
    for (var component : components) {
      check(text, component.equals(ANY_PATH) || COMPONENT.matcher(component).matches());
      check(text, component.equals(ANY_PATH) || !component.contains(ANY_PATH));
    }
    return new ImagePattern(text, host, components);
  }

  private static boolean looksLikeHost(String component) {
    return component.contains(".")
        || component.contains(":")
        || component.contains(ANY)
        || component.equals("localhost");
  }

  /// Hosts as [Repository] spells them, so that every spelling of a host matches.
  private static String canonicalHost(String text, String host) {
    var lower = host.toLowerCase(Locale.ROOT);
    check(text, HOST.matcher(lower).matches());
    return lower.contains(ANY) ? lower : new Repository(lower, "any").registry();
  }

  private static void check(String text, boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException(
          "\"%s\" is not an image pattern such as registry.example.com/team/**".formatted(text));
    }
  }

  public boolean matches(Repository repository) {
    return matches(host, ANY, characters(repository.registry()), String::equals)
        && matches(path, ANY_PATH, List.of(repository.path().split("/", -1)), this::component);
  }

  private boolean component(String pattern, String component) {
    return matches(characters(pattern), ANY, characters(component), String::equals);
  }

  /// Matches a sequence against a pattern in which one element stands for any number of elements.
  /// Going back to the last such element is enough, so the time is at most the product of the
  /// lengths and not exponential in the number of wildcards.
  private static boolean matches(
      List<String> pattern, String any, List<String> sequence, BiPredicate<String, String> one) {
    int p = 0;
    int s = 0;
    int lastAny = -1;
    int retry = 0;
    while (s < sequence.size()) {
      if (p < pattern.size() && pattern.get(p).equals(any)) {
        lastAny = p++;
        retry = s;
      } else if (p < pattern.size() && one.test(pattern.get(p), sequence.get(s))) {
        p++;
        s++;
      } else if (lastAny >= 0) {
        p = lastAny + 1;
        s = ++retry;
      } else {
        return false;
      }
    }
    return pattern.subList(p, pattern.size()).stream().allMatch(any::equals);
  }

  private static List<String> characters(String text) {
    return IntStream.range(0, text.length()).mapToObj(i -> text.substring(i, i + 1)).toList();
  }

  @Override
  public String toString() {
    return text;
  }
}
