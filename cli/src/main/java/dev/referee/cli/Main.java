package dev.referee.cli;

import dev.referee.cli.demo.DemoCommand;
import dev.referee.cli.report.ReportCommand;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/// `referee`: the command line.
@Command(
    name = "referee",
    description = "Lets a container image into a cluster only when its referrers speak for it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; for verify: the image may run",
      "1:for verify: the image may not run",
      "2:misused, or not to be found out"
    })
public final class Main {
  private static final List<Class<?>> COMMANDS =
      List.of(
          DemoCommand.class,
          VerifyCommand.class,
          TreeCommand.class,
          BundleCommand.class,
          RegistryCommand.class,
          WebhookCommand.class,
          OperatorCommand.class,
          ReportCommand.class);

  private Main() {}

  public static void main(String[] arguments) {
    var out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true);
    var err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
    System.exit(run(arguments, System.getenv(), out, err));
  }

  /// Runs a command.
  ///
  /// @param environment where options that are not given are looked up
  /// @return the exit code
  public static int run(
      String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    var line = new CommandLine(new Main());
    commands(arguments).forEach(line::addSubcommand);
    line.setOut(out);
    line.setErr(err);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setDefaultValueProvider(new EnvironmentDefaults(environment));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler((e, args) -> misuse(e, err));
    line.setExecutionExceptionHandler((e, command, result) -> failure(e, err));
    return arguments.length == 0 ? usage(line, out) : line.execute(arguments);
  }

  /// The one that is named first, alone: reading the others costs a server a part of its start. All
  /// of them where none is, for a help or a complaint that lists them.
  private static List<Class<?>> commands(String[] arguments) {
    var first = arguments.length == 0 ? "" : arguments[0];
    return COMMANDS.stream()
        .filter(command -> command.getAnnotation(Command.class).name().equals(first))
        .findFirst()
        .<List<Class<?>>>map(List::of)
        .orElse(COMMANDS);
  }

  private static int usage(CommandLine line, PrintWriter out) {
    line.usage(out);
    return ExitCode.UNDECIDED;
  }

  private static int misuse(ParameterException e, PrintWriter err) {
    var command = e.getCommandLine().getCommandSpec().qualifiedName();
    err.println("referee: %s; see %s --help".formatted(firstLine(e), command));
    return ExitCode.UNDECIDED;
  }

  /// Nobody is helped by a stack trace of ours; whoever reports the bug can ask for it. What comes
  /// from outside, a full disk or a taken port, is no bug.
  private static int failure(Exception e, PrintWriter err) {
    if (e instanceof MisuseException || e instanceof IOException) {
      err.println("referee: " + e.getMessage());
    } else {
      err.println("referee: this is a bug: %s; set REFEREE_DEBUG=1 to see more".formatted(e));
      if (System.getenv("REFEREE_DEBUG") != null) {
        e.printStackTrace(err);
      }
    }
    return ExitCode.UNDECIDED;
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("misused");
  }
}
