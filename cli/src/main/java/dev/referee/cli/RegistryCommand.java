package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.Registry;
import dev.referee.registry.RegistryConfig;
import dev.referee.server.ShutdownSignal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `referee registry`: the OCI 1.1 registry over a folder.
@Command(name = "registry", description = "Runs the OCI 1.1 registry over a folder.")
final class RegistryCommand implements Callable<Integer> {
  @Option(
      names = "--root",
      required = true,
      paramLabel = "DIR",
      description = "The folder of the store; made when it is missing.")
  private @Nullable Path root;

  @Mixin private ListenOptions options = new ListenOptions();

  @Mixin private LogOptions logging = new LogOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws MisuseException, InterruptedException {
    logging.enable();
    var config =
        RegistryConfig.of(
                requireNonNull(root, "picocli requires root"), options.address("127.0.0.1:5000"))
            .tls(options.tls())
            .build();
    try (var signal = ShutdownSignal.install();
        var registry = Registry.start(config)) {
      var out = requireNonNull(spec, "picocli sets spec").commandLine().getOut();
      out.println("listening on " + registry.uri());
      out.flush();
      signal.await();
      return ExitCode.OK;
    } catch (IOException e) {
      throw new MisuseException(String.valueOf(e.getMessage()), e);
    }
  }
}
