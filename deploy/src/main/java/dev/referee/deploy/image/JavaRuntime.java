package dev.referee.deploy.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A Java runtime with the modules that Referee needs.
final class JavaRuntime {
  /// What the jars need, and what they find by name. The rest that `jdeps` names (java.compiler,
  /// java.desktop, jdk.httpserver) belongs to parts of libraries that nothing here calls.
  static final List<String> MODULES =
      List.of(
          "java.base",
          // ASN.1 and PEM classes of Bouncy Castle name it.
          "java.logging",
          // Memory, processors and garbage collections, for metrics.
          "java.management",
          "jdk.management",
          // Netty's and Bouncy Castle's host names and LDAP names.
          "java.naming",
          // The Kubernetes client.
          "java.net.http",
          // Jackson's dates of JDBC, which it loads with every mapper.
          "java.sql",
          // Logback's configuration.
          "java.xml",
          // Netty and Caffeine, for memory without checks.
          "jdk.unsupported",
          // Netty's events; also for whoever records a pod that is slow.
          "jdk.jfr",
          // Keep-alive of connections.
          "jdk.net");

  private JavaRuntime() {}

  /// Links a runtime. It has no archive of the JDK's classes: [ClassArchive] has them, too.
  ///
  /// @param jdk where a JDK is
  /// @param target where the runtime is to be; must not exist
  static void link(Path jdk, Path target) throws IOException, InterruptedException {
    Tool.run(
        jdk,
        Map.of(),
        jdk.resolve("bin/jlink").toString(),
        "--add-modules",
        String.join(",", MODULES),
        "--strip-debug",
        "--no-header-files",
        "--no-man-pages",
        "--output",
        target.toString());
  }
}
