package dev.referee.e2e.junit;

import dev.referee.e2e.tools.Console;
import dev.referee.e2e.tools.ToolException;
import dev.referee.e2e.tools.ToolReason;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/// Lets a test skip when this machine cannot build a program that it asked for, and says so loudly,
/// once a program.
public final class SkipWhereUnavailable
    implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
  private static final Namespace NAMESPACE = Namespace.create(SkipWhereUnavailable.class);

  private final Console console = Console.standard();

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    throw skip(context, thrown);
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    throw skip(context, thrown);
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    throw skip(context, thrown);
  }

  private Throwable skip(ExtensionContext context, Throwable thrown) {
    if (thrown instanceof ToolException e && e.reason() == ToolReason.UNAVAILABLE) {
      var reason = String.valueOf(e.getMessage());
      context
          .getRoot()
          .getStore(NAMESPACE)
          .getOrComputeIfAbsent(
              reason,
              said -> {
                console.say("SKIPPING every test that needs it: " + said);
                return said;
              });
      return new TestAbortedException(reason, e);
    }
    return thrown;
  }
}
