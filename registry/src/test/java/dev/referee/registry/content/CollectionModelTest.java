package dev.referee.registry.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tries every order of the steps of everybody who touches the content of one digest at the same
/// time: somebody who refers to content that is there, somebody who uploads it, and collectors.
/// Each may stop for ever before any step. Whoever was told that it worked must find the content in
/// every state that comes after.
///
/// This is the protocol of [Blobs] and [BlobCollector]; a change of theirs is a change here first.
class CollectionModelTest {
  /// How somebody makes sure of content that is there.
  enum Writer {
    LINK_THEN_MARKS_THEN_GENERATIONS,
    LINK_THEN_GENERATIONS_THEN_MARKS,
    GENERATIONS_THEN_LINK
  }

  /// How content is removed.
  enum CollectorKind {
    MARK_THEN_LINKS,
    LINKS_THEN_MARK
  }

  /// One state: the store, and how far everybody is.
  ///
  /// @param generations those that are there
  /// @param links who has a link
  /// @param marks `generation~collector`
  /// @param at the next step of everybody
  /// @param seen what everybody remembers
  private record State(
      TreeSet<String> generations,
      TreeSet<String> links,
      TreeSet<String> marks,
      List<Integer> at,
      List<String> seen,
      TreeSet<String> told) {
    State copy() {
      return new State(
          new TreeSet<>(generations),
          new TreeSet<>(links),
          new TreeSet<>(marks),
          new ArrayList<>(at),
          new ArrayList<>(seen),
          new TreeSet<>(told));
    }

    boolean hasLost() {
      return generations.isEmpty() && !told.isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void losesNothing(int count) {
    var model =
        new Model(Writer.LINK_THEN_MARKS_THEN_GENERATIONS, CollectorKind.MARK_THEN_LINKS, count);

    assertThat(model.shortestLoss()).isNull();
    // Something was tried: more with every collector.
    assertThat(model.statesTried).isGreaterThan(100 * count);
  }

  /// Orders that look as good, and lose: the model can find a loss.
  @ParameterizedTest
  @CsvSource({
    "LINK_THEN_GENERATIONS_THEN_MARKS, MARK_THEN_LINKS",
    "GENERATIONS_THEN_LINK, MARK_THEN_LINKS",
    "LINK_THEN_MARKS_THEN_GENERATIONS, LINKS_THEN_MARK"
  })
  void findsTheLossesOfOtherOrders(Writer otherWriter, CollectorKind otherCollector) {
    var loss = new Model(otherWriter, otherCollector, 2).shortestLoss();

    assertThat(loss).isNotNull().hasSizeBetween(4, 12);
  }

  @Test
  void collectsWhatNobodyWants() {
    var model =
        new Model(Writer.LINK_THEN_MARKS_THEN_GENERATIONS, CollectorKind.MARK_THEN_LINKS, 1);
    var state = model.start();
    for (int step = 0; step < 4; step++) {
      state = model.collect(state, 2);
    }

    assertThat(state.generations()).isEmpty();
    assertThat(state.marks()).isEmpty();
  }

  private static final int DONE = 100;

  /// The model with one writer, one uploader and some collectors.
  private static final class Model {
    private final Writer writer;
    private final CollectorKind collectorKind;
    private final int collectors;
    private int statesTried;

    private Model(Writer writer, CollectorKind collectorKind, int collectors) {
      this.writer = writer;
      this.collectorKind = collectorKind;
      this.collectors = collectors;
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
        for (int process = 0; process < 2 + collectors; process++) {
          if (state.at().get(process) == DONE) {
            continue;
          }
          var next = step(state, process);
          var name = "%d.%d".formatted(process, state.at().get(process));
          if (from.putIfAbsent(next, Map.entry(state, name)) == null) {
            queue.add(next);
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
        var entry = java.util.Objects.requireNonNull(from.get(state));
        steps.addFirst(entry.getValue());
        state = entry.getKey();
      }
      return steps;
    }

    /// One generation is there and nobody has a link to it.
    private State start() {
      var at = new ArrayList<Integer>();
      var seen = new ArrayList<String>();
      for (int i = 0; i < 2 + collectors; i++) {
        at.add(0);
        seen.add("");
      }
      return new State(
          new TreeSet<>(List.of("g0")),
          new TreeSet<>(),
          new TreeSet<>(),
          at,
          seen,
          new TreeSet<>());
    }

    private State step(State state, int process) {
      return switch (process) {
        case 0 -> refer(state);
        case 1 -> upload(state);
        default -> collect(state, process);
      };
    }

    /// Somebody who refers to content: a manifest, a mount.
    private State refer(State state) {
      return switch (writer) {
        case LINK_THEN_MARKS_THEN_GENERATIONS ->
            switch (state.at().get(0)) {
              case 0 -> after(state, 0, 1, s -> with(s, s.links(), "w"));
              case 1 -> after(state, 0, 2, s -> remember(s, 0, String.join(",", s.marks())));
              case 2 -> after(state, 0, usable(state, 0) ? 3 : 4, s -> s);
              case 3 -> after(state, 0, DONE, s -> with(s, s.told(), "w"));
              default -> after(state, 0, DONE, s -> without(s, s.links(), "w"));
            };
        case LINK_THEN_GENERATIONS_THEN_MARKS ->
            switch (state.at().get(0)) {
              case 0 -> after(state, 0, 1, s -> with(s, s.links(), "w"));
              case 1 -> after(state, 0, 2, s -> remember(s, 0, String.join(",", s.generations())));
              case 2 -> after(state, 0, unmarked(state, 0) ? 3 : 4, s -> s);
              case 3 -> after(state, 0, DONE, s -> with(s, s.told(), "w"));
              default -> after(state, 0, DONE, s -> without(s, s.links(), "w"));
            };
        case GENERATIONS_THEN_LINK ->
            switch (state.at().get(0)) {
              case 0 -> after(state, 0, state.generations().isEmpty() ? DONE : 1, s -> s);
              case 1 -> after(state, 0, 2, s -> with(s, s.links(), "w"));
              default -> after(state, 0, DONE, s -> with(s, s.told(), "w"));
            };
      };
    }

    /// Somebody who brings the content along, and writes it unless it is there.
    private State upload(State state) {
      return switch (state.at().get(1)) {
        case 0 -> after(state, 1, 1, s -> with(s, s.links(), "u"));
        case 1 -> after(state, 1, 2, s -> remember(s, 1, String.join(",", s.marks())));
        case 2 -> after(state, 1, usable(state, 1) ? 4 : 3, s -> s);
        case 3 -> after(state, 1, 4, s -> with(s, s.generations(), "g1"));
        default -> after(state, 1, DONE, s -> with(s, s.told(), "u"));
      };
    }

    /// A collector, which runs for one generation after the other.
    private State collect(State state, int process) {
      // Each begins with another generation.
      var generation = process % 2 == 0 ? "g0" : "g1";
      var mark = generation + "~" + process;
      boolean marksFirst = collectorKind == CollectorKind.MARK_THEN_LINKS;
      return switch (state.at().get(process)) {
        case 0 ->
            !state.generations().contains(generation)
                ? after(state, process, DONE, s -> s)
                : marksFirst
                    ? after(state, process, 1, s -> with(s, s.marks(), mark))
                    : after(state, process, state.links().isEmpty() ? 1 : DONE, s -> s);
        case 1 ->
            marksFirst
                ? after(state, process, state.links().isEmpty() ? 2 : 4, s -> s)
                : after(state, process, 2, s -> with(s, s.marks(), mark));
        case 2 -> after(state, process, 3, s -> without(s, s.generations(), generation));
        case 3 -> after(state, process, DONE, s -> without(s, s.marks(), mark));
        default -> after(state, process, DONE, s -> without(s, s.marks(), mark));
      };
    }

    /// Whether a generation is there now of which no mark was seen before.
    private static boolean usable(State state, int process) {
      return state.generations().stream()
          .anyMatch(generation -> !state.seen().get(process).contains(generation + "~"));
    }

    /// Whether a generation was seen before of which there is no mark now.
    private static boolean unmarked(State state, int process) {
      return List.of(state.seen().get(process).split(",", -1)).stream()
          .filter(generation -> !generation.isEmpty())
          .anyMatch(
              generation ->
                  state.marks().stream().noneMatch(mark -> mark.startsWith(generation + "~")));
    }

    private static State after(State state, int process, int next, UnaryOperator<State> change) {
      var copy = change.apply(state.copy());
      copy.at().set(process, next);
      return copy;
    }

    private static State with(State state, Set<String> set, String element) {
      set.add(element);
      return state;
    }

    private static State without(State state, Set<String> set, String element) {
      set.remove(element);
      return state;
    }

    private static State remember(State state, int process, String what) {
      state.seen().set(process, what);
      return state;
    }
  }
}
