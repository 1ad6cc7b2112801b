package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import dev.referee.client.RegistryClient;
import dev.referee.registry.copy.ArtifactCopy;
import dev.referee.registry.copy.CopyException;
import dev.referee.registry.copy.CopySummary;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `referee registry import`: images from a folder or another registry, with all their evidence.
@Command(
    name = "import",
    description = {
      "Copies images and everything that refers to them into a registry.",
      "Referrers come from the referrers API, the fallback tag and cosign's tags. Everything is"
          + " proven by its digest, what is there is not sent again, and tags are set last: an"
          + " import that was interrupted is started again."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything is there",
      "1:the images are there; something broken that refers to them was left out",
      "2:misused, or something was not imported"
    })
final class RegistryImportCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "SOURCE",
      description =
          "oci-layout:DIR[:TAG|@DIGEST] or REGISTRY/REPOSITORY[:TAG|@DIGEST]; without tag and"
              + " digest everything that the folder lists, or every tag. REGISTRY/ and"
              + " REGISTRY/PREFIX/ are every repository of its catalog, or below a name.")
  private List<String> sources = List.of();

  @Option(
      names = "--to",
      paramLabel = "REGISTRY[/PREFIX]",
      description =
          "A registry that runs, with the credentials of Docker's own client; or else the store of"
              + " one:")
  private @Nullable String to;

  @Mixin private StorageOptions storage = new StorageOptions();

  @Option(
      names = "--as",
      paramLabel = "REPOSITORY",
      description =
          "What the repository is called; by default as at the source. Needed for folders.")
  private @Nullable String repository;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      description = "The tag of a single artifact; by default the one it has.")
  private @Nullable String tag;

  @Option(names = "--quiet", description = "Only tell what was left out.")
  private boolean quiet;

  @Mixin private RegistryOptions registries = new RegistryOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws MisuseException {
    boolean several = sources.size() > 1 || sources.stream().anyMatch(ImportCatalog::isCatalog);
    if (repository != null && several) {
      throw new MisuseException("--as names one repository, and there are several sources");
    }
    var line = requireNonNull(spec, "picocli sets spec").commandLine();
    var vertx = Vertx.vertx();
    try (var client = new RegistryClient(vertx, registries.config())) {
      var target = ImportTarget.of(to, storage, client);
      int exitCode = ExitCode.OK;
      for (var source : sources) {
        var done =
            ImportCatalog.isCatalog(source)
                ? runAll(source, client, target, line.getOut(), line.getErr())
                : run(source, false, client, target, line.getOut(), line.getErr());
        exitCode = Math.max(exitCode, done);
      }
      return exitCode;
    } finally {
      vertx.close().await();
    }
  }

  /// One repository that cannot be read does not keep the others from coming.
  private int runAll(
      String catalog, RegistryClient client, ImportTarget target, PrintWriter out, PrintWriter err)
      throws MisuseException {
    int exitCode = ExitCode.OK;
    for (var name : ImportCatalog.read(catalog, client)) {
      try {
        var source = ImportCatalog.source(catalog, name);
        exitCode = Math.max(exitCode, run(source, true, client, target, out, err));
      } catch (MisuseException e) {
        err.println("referee: " + e.getMessage());
        exitCode = ExitCode.UNDECIDED;
      }
    }
    return exitCode;
  }

  private int run(
      String text,
      boolean listed,
      RegistryClient client,
      ImportTarget target,
      PrintWriter out,
      PrintWriter err)
      throws MisuseException {
    var source = ImportSource.open(text, tag, listed, client);
    var path = repository != null ? repository : source.repository();
    if (path == null) {
      throw new MisuseException("--as is needed to say what %s is called".formatted(text));
    }
    var summary = new CopySummary(new ImportProgress(err, quiet));
    var copy = new ArtifactCopy(source.source(), target.open(path), summary);
    int failed = 0;
    for (var root : source.roots()) {
      try {
        var manifest = copy.copy(root);
        if (root.as() == null && manifest.subject() == null && !quiet) {
          err.println(
              "referee: %s has no tag: a registry that collects removes it after --keep-untagged"
                  .formatted(root));
        }
      } catch (CopyException e) {
        failed++;
        err.println(
            "referee: %s was not imported (%s): %s".formatted(root, e.reason(), e.getMessage()));
        if (e.reason().mayPass()) {
          // The others would fail in the same way, each after a while.
          break;
        }
      }
    }
    out.println(sentence(text, target.name(path), summary, failed));
    out.flush();
    return failed > 0 ? ExitCode.UNDECIDED : summary.leftOut() > 0 ? ExitCode.DENIED : ExitCode.OK;
  }

  private static String sentence(String from, String to, CopySummary summary, int failed) {
    var sentence =
        new StringBuilder(
            "%s to %s: %d tags set; %d manifests and %d blobs (%s) copied; %d manifests were there"
                .formatted(
                    from,
                    to,
                    summary.tags(),
                    summary.manifests(),
                    summary.blobs(),
                    ImportProgress.size(summary.bytes()),
                    summary.found()));
    if (summary.absent() > 0) {
      sentence.append("; %d named and not at the source".formatted(summary.absent()));
    }
    if (summary.leftOut() > 0) {
      sentence.append("; %d left out".formatted(summary.leftOut()));
    }
    if (failed > 0) {
      sentence.append("; FAILED, start it again to go on");
    }
    return sentence.toString();
  }
}
