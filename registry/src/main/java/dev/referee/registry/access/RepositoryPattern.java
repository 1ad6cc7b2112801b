package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.content.RepositoryName;
import java.util.List;
import java.util.regex.Pattern;

/// A glob over the names of repositories, anchored per component: `*` stands for characters of one
/// component, `**` for any number of components. `team/**` is `team` itself and all below it.
///
/// Matched without backtracking, so that no pattern and no name can make it slow.
public final class RepositoryPattern {
  private static final int MAX_LENGTH = 255;
  private static final String ANY_PATH = "**";
  private static final Pattern COMPONENT = Pattern.compile("[a-z0-9*](?:[a-z0-9*._-]*[a-z0-9*])?");

  private final List<String> components;

  private RepositoryPattern(List<String> components) {
    this.components = List.copyOf(components);
  }

  /// Reads a pattern.
  ///
  /// @throws IllegalArgumentException with a sentence, when it could not match any repository
  public static RepositoryPattern parse(String text) {
    requireNonNull(text, "text is null");
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a pattern of repositories has more than %d characters".formatted(MAX_LENGTH));
    }
    var components = List.of(text.split("/", -1));
    for (var component : components) {
      boolean known =
          component.equals(ANY_PATH)
              || (COMPONENT.matcher(component).matches() && !component.contains(ANY_PATH));
      if (!known) {
        throw new IllegalArgumentException(
            "\"%s\" is not a pattern of repositories such as shop/**".formatted(text));
      }
    }
    return new RepositoryPattern(components);
  }

  /// Whether a repository is among those it stands for.
  public boolean matches(RepositoryName repository) {
    var name = List.of(repository.value().split("/", -1));
    // reached[i]: the pattern's components so far can stand for the first i of the name.
    var reached = new boolean[name.size() + 1];
    reached[0] = true;
    for (var component : components) {
      var next = new boolean[name.size() + 1];
      for (int i = 0; i <= name.size(); i++) {
        if (component.equals(ANY_PATH)) {
          next[i] = reached[i] || (i > 0 && next[i - 1]);
        } else {
          next[i] = i > 0 && reached[i - 1] && matchesComponent(component, name.get(i - 1));
        }
      }
      reached = next;
    }
    return reached[name.size()];
  }

  private static boolean matchesComponent(String pattern, String text) {
    var reached = new boolean[text.length() + 1];
    reached[0] = true;
    for (int p = 0; p < pattern.length(); p++) {
      char c = pattern.charAt(p);
      var next = new boolean[text.length() + 1];
      for (int i = 0; i <= text.length(); i++) {
        if (c == '*') {
          next[i] = reached[i] || (i > 0 && next[i - 1]);
        } else {
          next[i] = i > 0 && reached[i - 1] && text.charAt(i - 1) == c;
        }
      }
      reached = next;
    }
    return reached[text.length()];
  }

  @Override
  public String toString() {
    return String.join("/", components);
  }
}
