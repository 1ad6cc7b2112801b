package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import dev.referee.client.RegistryClient;
import dev.referee.oci.ArtifactSource;
import dev.referee.oci.Deadline;
import dev.referee.oci.ManifestContent;
import dev.referee.oci.Reference;
import dev.referee.oci.SourceException;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `referee tree`: what refers to an image, recursively. It shows what is there and proves nothing.
@Command(
    name = "tree",
    description = {
      "Shows what refers to an image, recursively.",
      "It shows what is there; whether it proves anything is for verify to say."
    })
final class TreeCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "IMAGE",
      description = "A reference, or oci-layout:DIR[:TAG|@DIGEST] for a folder.")
  private String image = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "tree|json|yaml",
      defaultValue = "tree",
      description = "How to print it.")
  private OutputFormat output = OutputFormat.TREE;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "30s",
      converter = DurationOption.class,
      description = "When to give up (30s).")
  private Duration timeout = Duration.ofSeconds(30);

  @Mixin private RegistryOptions registries = new RegistryOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws MisuseException {
    var source = ImageSource.parse(image);
    var reference = source.reference();
    var config = registries.config();
    var vertx = Vertx.vertx();
    try (var client = new RegistryClient(vertx, config)) {
      var artifacts = source.sources(client).open(reference.repository(), Deadline.in(timeout));
      var walk = new ReferrerWalk(artifacts);
      var root = walk.walk(root(reference, artifacts));
      var line = requireNonNull(spec, "picocli sets spec").commandLine();
      line.getOut()
          .print(
              output.render(
                  () -> "%s\n%s%s\n".formatted(image, root.tree(), count(root)), root::json));
      line.getOut().flush();
      if (walk.isTruncated()) {
        line.getErr().println("referee: there are more referrers than are shown");
      }
      return ExitCode.OK;
    } catch (SourceException e) {
      throw new MisuseException("%s (%s)".formatted(e.getMessage(), e.reason()), e);
    } finally {
      vertx.close().await();
    }
  }

  private static String count(ReferrerWalk.Node root) {
    return root.count() == 1 ? "1 referrer" : root.count() + " referrers";
  }

  private ManifestContent root(Reference reference, ArtifactSource artifacts)
      throws SourceException, MisuseException {
    Optional<ManifestContent> content =
        reference.digest() != null
            ? artifacts.manifest(reference.digest())
            : artifacts.manifest(requireNonNull(reference.tag(), "no digest, so a tag"));
    return content.orElseThrow(() -> new MisuseException(image + " is not there"));
  }
}
