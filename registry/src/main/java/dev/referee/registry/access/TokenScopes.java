package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.referee.oci.json.JsonFields;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.RepositoryName;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a token may be used for at most (distribution, "Token Scope Documentation"). What its
/// caller was granted is looked up for every request, and both must allow it.
///
/// @param repositories actions by the names of repositories
/// @param catalog whether the list of repositories has all that the caller may pull from, or only
///   those above
public record TokenScopes(Map<String, Set<Action>> repositories, boolean catalog) {
  /// A push that mounts has two.
  static final int MAX = 32;

  /// What they may be long together: a token goes into a header, of which proxies often read 8 KiB.
  static final int MAX_CHARS = 4096;

  private static final String REPOSITORY = "repository";
  private static final String REGISTRY = "registry";
  private static final String CATALOG = "catalog";
  private static final String EVERYTHING = "*";

  public TokenScopes {
    repositories = Collections.unmodifiableMap(new LinkedHashMap<>(repositories));
  }

  /// Reads scopes as clients write them, `repository:shop/cart:pull,push`. What cannot be read is
  /// left out: whoever asks for it is granted the rest.
  static TokenScopes parse(Collection<String> texts) {
    var repositories = new LinkedHashMap<String, Set<Action>>();
    boolean catalog = false;
    for (var text : texts) {
      int first = text.indexOf(':');
      int last = text.lastIndexOf(':');
      if (first < 0 || first == last) {
        continue;
      }
      var name = text.substring(first + 1, last);
      var actions = List.of(text.substring(last + 1).split(",", -1));
      switch (text.substring(0, first)) {
        case REPOSITORY -> {
          if (isName(name)) {
            add(repositories, name, actions);
          }
        }
        case REGISTRY -> catalog |= name.equals(CATALOG) && actions.contains(EVERYTHING);
        default -> {}
      }
    }
    return new TokenScopes(repositories, catalog);
  }

  private static boolean isName(String name) {
    try {
      RepositoryName.parse(name);
      return true;
    } catch (RegistryException e) {
      return false;
    }
  }

  private static void add(Map<String, Set<Action>> to, String name, Iterable<String> labels) {
    var actions = EnumSet.noneOf(Action.class);
    for (var label : labels) {
      if (label.equals(EVERYTHING)) {
        actions.addAll(EnumSet.allOf(Action.class));
      } else {
        var action = action(label);
        if (action != null) {
          actions.add(action);
        }
      }
    }
    if (!actions.isEmpty()) {
      to.computeIfAbsent(name, _ -> EnumSet.noneOf(Action.class)).addAll(actions);
    }
  }

  private static @Nullable Action action(String label) {
    return Arrays.stream(Action.values())
        .filter(action -> label(action).equals(label))
        .findFirst()
        .orElse(null);
  }

  /// An action as scopes write it.
  public static String label(Action action) {
    return action.label().toLowerCase(Locale.ROOT);
  }

  /// Those of these that the caller was granted.
  TokenScopes grantedTo(Caller caller) {
    var granted = new LinkedHashMap<String, Set<Action>>();
    repositories.forEach(
        (name, asked) -> {
          var actions = EnumSet.copyOf(asked);
          actions.removeIf(action -> !caller.may(action, new RepositoryName(name)));
          if (!actions.isEmpty()) {
            granted.put(name, actions);
          }
        });
    return new TokenScopes(granted, catalog);
  }

  boolean allow(Action action, RepositoryName repository) {
    requireNonNull(action, "action is null");
    return repositories.getOrDefault(repository.value(), Set.of()).contains(action);
  }

  /// Writes them as a token has them.
  void write(ArrayNode access) {
    repositories.forEach(
        (name, actions) -> {
          var array =
              access.addObject().put("type", REPOSITORY).put("name", name).putArray("actions");
          actions.forEach(action -> array.add(label(action)));
        });
    if (catalog) {
      access
          .addObject()
          .put("type", REGISTRY)
          .put("name", CATALOG)
          .putArray("actions")
          .add(EVERYTHING);
    }
  }

  /// Reads them from a token that was proven. Names were read when it was issued.
  static TokenScopes read(List<JsonFields> access) {
    var repositories = new LinkedHashMap<String, Set<Action>>();
    boolean catalog = false;
    for (var entry : access) {
      var labels = entry.elements("actions").stream().map(node -> node.asText()).toList();
      switch (entry.text("type")) {
        case REPOSITORY -> add(repositories, entry.text("name"), labels);
        case REGISTRY ->
            catalog |= entry.text("name").equals(CATALOG) && labels.contains(EVERYTHING);
        default -> {}
      }
    }
    return new TokenScopes(repositories, catalog);
  }
}
