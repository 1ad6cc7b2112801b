package dev.referee.cli.report;

import static java.util.Objects.requireNonNull;

import dev.referee.cli.ExitCode;
import dev.referee.cli.MisuseException;
import dev.referee.operator.audit.ClusterStateReader;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `referee report`: the state of a cluster, from its pods and the reports of the audit.
@Command(
    name = "report",
    description = {
      "Shows what runs in a cluster and how it stands, by the reports of the operator's audit.",
      "It reads pods and reports, asks no registry, and decides nothing itself."
    })
public final class ReportCommand implements Callable<Integer> {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json|csv|sarif|html",
      defaultValue = "text",
      description = "How to print it; html is one page that needs nothing else.")
  private ReportOutput output = ReportOutput.TEXT;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Only this namespace.")
  private @Nullable String namespace;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "The cluster; that of KUBECONFIG or of the pod's service account without it.")
  private @Nullable Path kubeconfig;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws MisuseException {
    try (var client = new KubernetesClientBuilder().withConfig(config()).build()) {
      var state = new ClusterStateReader(client, InstantSource.system()).read(namespace);
      var line = requireNonNull(spec, "picocli sets spec").commandLine();
      line.getOut().print(output.render(state));
      line.getOut().flush();
      if (state.reports().isEmpty()) {
        line.getErr()
            .println(
                "referee: the cluster has neither OpenReports nor PolicyReport, so that nothing is"
                    + " known of what runs");
      }
      return ExitCode.OK;
    } catch (KubernetesClientException e) {
      throw new MisuseException("the cluster cannot be read: " + reason(e), e);
    }
  }

  private Config config() throws MisuseException {
    if (kubeconfig == null) {
      return Config.autoConfigure(null);
    }
    if (!Files.isReadable(kubeconfig)) {
      throw new MisuseException(kubeconfig + " cannot be read");
    }
    try {
      var config = Config.fromKubeconfig(kubeconfig.toFile());
      if (config.getCurrentContext() == null) {
        // Whatever is missing, the client would make up.
        throw new MisuseException(kubeconfig + " is no kubeconfig: it names no current context");
      }
      return config;
    } catch (RuntimeException e) {
      throw new MisuseException("%s is no kubeconfig: %s".formatted(kubeconfig, reason(e)), e);
    }
  }

  /// The first line of what lies at the bottom of it.
  private static String reason(Throwable e) {
    var cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
  }
}
