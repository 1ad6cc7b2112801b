package dev.referee.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/// One run of the command line, with what it printed.
///
/// @param exitCode what the process would end with
/// @param out standard output
/// @param err standard error
public record CommandLineRun(int exitCode, String out, String err) {
  public static CommandLineRun of(String... arguments) {
    return with(Map.of(), arguments);
  }

  public static CommandLineRun with(Map<String, String> environment, String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Main.run(arguments, environment, new PrintWriter(out, true), new PrintWriter(err, true));
    return new CommandLineRun(exitCode, out.toString(), err.toString());
  }
}
