package dev.referee.e2e.junit;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.tools.Console;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Counts the tests of classes named `*E2E` and says at the end of the run, in one line, how many
/// there were and on which cluster: a run that skipped everything must not look like one that
/// proved something. The launcher finds it as a service.
public final class SummaryListener implements TestExecutionListener {
  private static final String SUFFIX = "E2E";

  private final Console console;
  private final Set<TestIdentifier> counted = new HashSet<>();
  private @Nullable TestPlan plan;
  private Tally tally = Tally.NONE;

  public SummaryListener() {
    this(Console.standard());
  }

  SummaryListener(Console console) {
    this.console = requireNonNull(console, "console is null");
  }

  @Override
  public synchronized void testPlanExecutionStarted(TestPlan started) {
    plan = started;
  }

  @Override
  public synchronized void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
    var cluster = entry.getKeyValuePairs().get(ClusterExtension.REPORT_KEY);
    if (cluster != null) {
      tally = tally.on(cluster);
    }
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    tally = tally.skip(countBelow(test));
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    // A container that succeeds has told of its tests one by one; one that does not may have kept
    // them from running.
    if (test.isContainer() && result.getStatus() == Status.SUCCESSFUL) {
      counted.add(test);
      return;
    }
    int tests = countBelow(test);
    tally =
        switch (result.getStatus()) {
          case SUCCESSFUL -> tests == 0 ? tally : tally.pass();
          case ABORTED -> tally.skip(tests);
          case FAILED -> tally.fail(tests);
        };
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan finished) {
    if (!tally.isEmpty()) {
      console.say(tally.line());
    }
  }

  /// Counts the end-to-end tests at and below an identifier that were not counted before.
  private int countBelow(TestIdentifier test) {
    int tests = isTest(test) && counted.add(test) ? 1 : 0;
    if (plan != null) {
      for (var child : plan.getChildren(test)) {
        tests += countBelow(child);
      }
    }
    return tests;
  }

  /// A method of a class that is, or lies within, one named `*E2E`. A parameterized method that
  /// never came to its invocations is one test.
  private boolean isTest(TestIdentifier test) {
    return test.getSource().orElse(null) instanceof MethodSource source
        && Pattern.compile("[.$]")
            .splitAsStream(source.getClassName())
            .anyMatch(name -> name.endsWith(SUFFIX))
        && (test.isTest() || (plan != null && plan.getChildren(test).isEmpty()));
  }
}
