package dev.referee.e2e.audit;

import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.tools.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/// The official definitions of reports. They are not ours to keep: the property `referee.shared`
/// names the folder where they are.
public final class ReportDefinitions {
  private ReportDefinitions() {}

  /// Installs them. They stay: a cluster may be shared.
  public static void install(Cluster cluster) {
    var folder = Path.of(System.getProperty("referee.shared", ""), "vectors", "reports");
    if (!Files.isDirectory(folder)) {
      var reason =
          folder + " is missing, where the definitions of OpenReports and PolicyReport are";
      Console.standard().say("SKIPPING every test of the audit: " + reason);
      throw new TestAbortedException(reason);
    }
    var applied =
        cluster
            .kubectl()
            .succeed("apply", "--server-side", "-f", folder.toString(), "-o", "name")
            .text()
            .lines()
            .toList();
    for (var definition : applied) {
      cluster.kubectl().succeed("wait", "--for=condition=Established", "--timeout=60s", definition);
    }
  }
}
