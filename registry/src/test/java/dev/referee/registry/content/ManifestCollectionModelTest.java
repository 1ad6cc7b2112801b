package dev.referee.registry.content;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Tries every order of the steps of everybody who touches the manifests of one repository at the
/// same time. There are an index `i` and its child `c`, old and without a tag. Somebody tags the
/// index, somebody takes a lease on it, somebody pushes another index `j` that names the child, and
/// collectors run. Each may stop for ever before any step. Whoever was told that it worked must
/// find the index and the child in every state that comes after.
///
/// This is the protocol of [Manifests], [ManifestPush], [Pins] and [ManifestCollector]; a change of
/// theirs is a change here first. Facts are words: `m:c` a manifest, `t:i` a tag, `p:i` a lease,
/// `h:i` a hold, `e:c` an edge of a push under way, `k:c~3` a mark.
class ManifestCollectionModelTest {
  private static final int DONE = 100;

  /// What may be wrong with it.
  enum Protocol {
    RIGHT,
    // Of the collector.
    HOLDS_AFTER_TAGS,
    PINS_BEFORE_MARKS,
    HOLDS_ARE_NO_ROOTS,
    HOLDS_BEFORE_MARKS,
    NO_SECOND_LOOK,
    // Of the pushes.
    MARKS_BEFORE_THE_HOLD,
    MARKS_BEFORE_THE_PIN,
    PINNED_WITHOUT_A_LOOK,
    MARKS_BEFORE_THE_EDGE,
    CHILDREN_LOOKED_AT_ONCE
  }

  /// One state: the store, how far everybody is, and what everybody remembers.
  private record State(TreeSet<String> facts, List<Integer> at, List<String> seen) {
    State copy() {
      return new State(new TreeSet<>(facts), new ArrayList<>(at), new ArrayList<>(seen));
    }

    boolean has(String fact) {
      return facts.contains(fact);
    }

    boolean hasAny(String prefix) {
      return facts.stream().anyMatch(fact -> fact.startsWith(prefix));
    }

    boolean hasLost() {
      return (has("told:i") && !(has("m:i") && has("m:c")))
          || (has("told:j") && !(has("m:j") && has("m:c")));
    }
  }

  /// With two collectors one of the others does nothing: all of them take minutes.
  @ParameterizedTest
  @CsvSource({"1, -1", "2, 0", "2, 2"})
  void losesNothing(int collectors, int idle) {
    var model = new Model(Protocol.RIGHT, collectors, idle);

    assertThat(model.shortestLoss()).isNull();
    // Something was tried: more with every collector.
    assertThat(model.statesTried).isGreaterThan(500 * collectors);
  }

  /// Orders that look as good, and lose: the model can find a loss.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RIGHT")
  void findsTheLossesOfOtherOrders(Protocol other) {
    var loss = new Model(other, 1, -1).shortestLoss();

    assertThat(loss).as("%s", other).isNotNull().hasSizeBetween(4, 25);
  }

  @Test
  void collectsWhatNobodyWants() {
    var model = new Model(Protocol.RIGHT, 1, -1);
    var state = model.start();
    while (state.at().get(3) != DONE) {
      state = model.collect(state, 3);
    }

    assertThat(state.facts()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, told:i", "1, told:j", "2, told:i"})
  void tellsWhoIsAlone(int process, String told) {
    var model = new Model(Protocol.RIGHT, 1, -1);
    var state = model.start();
    while (state.at().get(process) != DONE) {
      state = model.step(state, process);
    }

    assertThat(state.facts()).contains(told, "m:c").noneMatch(fact -> fact.startsWith("h:"));
  }

  /// The model with one who tags, one who pushes, one who pins, and some collectors.
  private static final class Model {
    private final Protocol protocol;
    private final int collectors;
    private final int idle;
    private int statesTried;

    private Model(Protocol protocol, int collectors, int idle) {
      this.protocol = protocol;
      this.collectors = collectors;
      this.idle = idle;
    }

    private State start() {
      var at = new ArrayList<>(Collections.nCopies(3 + collectors, 0));
      if (idle >= 0) {
        at.set(idle, DONE);
      }
      return new State(
          new TreeSet<>(List.of("m:i", "m:c")),
          at,
          new ArrayList<>(Collections.nCopies(3 + collectors, "")));
    }

    /// The steps of the shortest way to a loss; null when there is none.
    private @Nullable List<String> shortestLoss() {
      var from = new HashMap<State, Map.Entry<State, String>>();
      var queue = new ArrayDeque<State>();
      var start = start();
      queue.add(start);
      from.put(start, Map.entry(start, ""));
      while (!queue.isEmpty()) {
        var state = queue.remove();
        if (state.hasLost()) {
          statesTried = from.size();
          return way(from, state, start);
        }
        for (int process = 0; process < 3 + collectors; process++) {
          if (state.at().get(process) != DONE) {
            var next = step(state, process);
            var name = "%d.%d".formatted(process, state.at().get(process));
            if (from.putIfAbsent(next, Map.entry(state, name)) == null) {
              queue.add(next);
            }
          }
        }
      }
      statesTried = from.size();
      return null;
    }

    private static List<String> way(
        Map<State, Map.Entry<State, String>> from, State end, State start) {
      var steps = new ArrayList<String>();
      for (var state = end; !state.equals(start); ) {
        var entry = requireNonNull(from.get(state));
        steps.addFirst(entry.getValue());
        state = entry.getKey();
      }
      return steps;
    }

    private State step(State state, int process) {
      return switch (process) {
        case 0 -> tag(state);
        case 1 -> push(state);
        case 2 -> pin(state);
        default -> collect(state, process);
      };
    }

    /// Somebody who pushes the index that is there, with a tag.
    private State tag(State state) {
      boolean marksFirst = protocol == Protocol.MARKS_BEFORE_THE_HOLD;
      return switch (state.at().get(0)) {
        case 0 ->
            marksFirst
                ? go(state, 0, state.hasAny("k:i") ? DONE : 1)
                : with(go(state, 0, 1), "h:i");
        case 1 ->
            marksFirst ? with(go(state, 0, 2), "h:i") : go(state, 0, state.hasAny("k:i") ? 4 : 2);
        // One that is not there is pushed in full, which is what the other one does.
        case 2 -> go(state, 0, state.has("m:i") ? 3 : 4);
        case 3 -> with(go(state, 0, 5), "t:i");
        case 4 -> without(go(state, 0, DONE), "h:i");
        case 5 -> without(go(state, 0, 6), "h:i");
        default -> with(go(state, 0, DONE), "told:i");
      };
    }

    /// Somebody who pushes a new index of a child that is there, with a tag.
    private State push(State state) {
      boolean marksFirst = protocol == Protocol.MARKS_BEFORE_THE_EDGE;
      return switch (state.at().get(1)) {
        case 0 -> with(go(state, 1, 1), "h:j");
        case 1 -> go(state, 1, state.has("m:c") ? 2 : 9);
        case 2 ->
            marksFirst ? go(state, 1, state.hasAny("k:c") ? 9 : 3) : with(go(state, 1, 3), "e:c");
        case 3 ->
            marksFirst ? with(go(state, 1, 4), "e:c") : go(state, 1, state.hasAny("k:c") ? 8 : 4);
        case 4 ->
            go(state, 1, state.has("m:c") || protocol == Protocol.CHILDREN_LOOKED_AT_ONCE ? 5 : 8);
        case 5 -> with(go(state, 1, 6), "m:j");
        case 6 -> with(go(state, 1, 7), "t:j");
        case 7 -> with(without(go(state, 1, DONE), "h:j"), "told:j");
        case 8 -> without(go(state, 1, 9), "e:c");
        default -> without(go(state, 1, DONE), "h:j");
      };
    }

    /// Somebody who takes a lease on the index. One that was refused for a mark stays, and ends by
    /// itself.
    private State pin(State state) {
      boolean marksFirst = protocol == Protocol.MARKS_BEFORE_THE_PIN;
      boolean blind = protocol == Protocol.PINNED_WITHOUT_A_LOOK;
      return switch (state.at().get(2)) {
        case 0 ->
            marksFirst
                ? go(state, 2, state.hasAny("k:i") ? DONE : 1)
                : with(go(state, 2, 1), "p:i");
        case 1 ->
            marksFirst
                ? with(go(state, 2, 2), "p:i")
                : go(state, 2, state.hasAny("k:i") && !blind ? DONE : 2);
        case 2 -> go(state, 2, state.has("m:i") ? 3 : 4);
        case 3 -> with(go(state, 2, DONE), "told:i");
        default -> without(go(state, 2, DONE), "p:i");
      };
    }

    /// A collector.
    private State collect(State state, int process) {
      boolean holdsFirst = protocol == Protocol.HOLDS_BEFORE_MARKS;
      return switch (state.at().get(process)) {
        // The first look decides what is marked.
        case 0 -> {
          var live = live(List.copyOf(state.facts()), List.of());
          yield see(
              go(state, process, holdsFirst ? 1 : 2),
              process,
              (live.contains("i") ? "" : "dead:i,") + (live.contains("c") ? "" : "dead:c"));
        }
        case 1 -> lookAtHolds(go(state, process, 2), process);
        case 2 -> mark(go(state, process, 3), process, "i");
        case 3 -> mark(go(state, process, holdsFirst ? 5 : 4), process, "c");
        case 4 ->
            protocol == Protocol.HOLDS_AFTER_TAGS
                ? lookAtTags(go(state, process, 5), process)
                : lookAtHolds(go(state, process, 5), process);
        case 5 ->
            protocol == Protocol.HOLDS_AFTER_TAGS
                ? lookAtHolds(go(state, process, 6), process)
                : lookAtTags(go(state, process, 6), process);
        case 6 -> lookAtManifests(go(state, process, 7), process);
        case 7 -> remove(go(state, process, 8), process, "i");
        case 8 -> remove(go(state, process, 9), process, "c");
        case 9 -> without(go(state, process, 10), "k:i~" + process);
        default -> see(without(go(state, process, DONE), "k:c~" + process), process, "");
      };
    }

    private static State mark(State state, int process, String manifest) {
      return state.seen().get(process).contains("dead:" + manifest)
          ? with(state, "k:" + manifest + "~" + process)
          : state;
    }

    private static State lookAtHolds(State state, int process) {
      return remember(state, process, List.of("h:", "e:"));
    }

    private State lookAtTags(State state, int process) {
      return remember(
          state,
          process,
          protocol == Protocol.PINS_BEFORE_MARKS ? List.of("t:") : List.of("t:", "p:"));
    }

    private static State remember(State state, int process, List<String> prefixes) {
      var seen = new StringBuilder(state.seen().get(process));
      state.facts().stream()
          .filter(fact -> prefixes.stream().anyMatch(fact::startsWith))
          .forEach(fact -> seen.append(',').append(fact));
      return see(state, process, seen.toString());
    }

    private State lookAtManifests(State state, int process) {
      if (protocol == Protocol.NO_SECOND_LOOK) {
        return state;
      }
      var seen = Arrays.asList(state.seen().get(process).split(",", -1));
      var facts = new ArrayList<>(seen);
      state.facts().stream().filter(fact -> fact.startsWith("m:")).forEach(facts::add);
      var live = live(facts, protocol == Protocol.HOLDS_ARE_NO_ROOTS ? List.of() : seen);
      var dead = new ArrayList<String>();
      for (var manifest : List.of("i", "c")) {
        // Held itself or not: nobody ever removed what is held itself.
        if (seen.contains("dead:" + manifest)
            && !live.contains(manifest)
            && !seen.contains("h:" + manifest)
            && !seen.contains("e:" + manifest)) {
          dead.add("dead:" + manifest);
        }
      }
      return see(state, process, String.join(",", dead));
    }

    /// What the roots among these facts keep: both indexes name the child.
    private static Set<String> live(List<String> facts, List<String> held) {
      var live = new TreeSet<String>();
      for (var index : List.of("i", "j")) {
        boolean young = index.equals("j");
        if (facts.contains("m:" + index)
            && (young
                || facts.contains("t:" + index)
                || facts.contains("p:" + index)
                || held.contains("h:" + index))) {
          live.add(index);
          live.add("c");
        }
      }
      if (held.contains("e:c")) {
        live.add("c");
      }
      return live;
    }

    private static State remove(State state, int process, String manifest) {
      return state.seen().get(process).contains("dead:" + manifest)
          ? without(state, "m:" + manifest)
          : state;
    }

    private static State go(State state, int process, int next) {
      var copy = state.copy();
      copy.at().set(process, next);
      return copy;
    }

    private static State with(State state, String fact) {
      state.facts().add(fact);
      return state;
    }

    private static State without(State state, String fact) {
      state.facts().remove(fact);
      return state;
    }

    private static State see(State state, int process, String what) {
      state.seen().set(process, what);
      return state;
    }
  }
}
