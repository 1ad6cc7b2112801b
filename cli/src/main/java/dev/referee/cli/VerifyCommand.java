package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import dev.referee.client.RegistryClient;
import dev.referee.client.StatusClient;
import dev.referee.gate.FixedPolicies;
import dev.referee.gate.PolicyFileException;
import dev.referee.gate.PolicyFiles;
import dev.referee.gate.revocation.RememberedRevocation;
import dev.referee.oci.Deadline;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Reference;
import dev.referee.oci.Repository;
import dev.referee.verify.Engine;
import dev.referee.verify.ProofMemory;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.decision.DecisionJson;
import dev.referee.verify.decision.DecisionText;
import dev.referee.verify.policy.ImageRequest;
import dev.referee.verify.policy.PolicySet;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `referee verify`: what the webhook would decide, with the very same code, and why.
@Command(
    name = "verify",
    description = {
      "Decides about an image by policy files and shows the evidence.",
      "Policies that select by namespace or labels apply unless the options below say otherwise."
    })
final class VerifyCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(VerifyCommand.class);

  @Parameters(
      paramLabel = "IMAGE",
      description = "A reference, or oci-layout:DIR[:TAG|@DIGEST] for a folder.")
  private String image = "";

  @Option(
      names = "--policy",
      required = true,
      paramLabel = "FILE|DIR",
      split = ",",
      description = "Policies, signers and configuration; repeats.")
  private List<Path> policies = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "tree|json|yaml",
      defaultValue = "tree",
      description = "How to print the decision.")
  private OutputFormat output = OutputFormat.TREE;

  @Option(
      names = "--as",
      paramLabel = "REPOSITORY",
      description =
          "For a folder: the repository that policies match. Without it every policy applies.")
  private @Nullable String repository;

  @Option(names = "--namespace", paramLabel = "NAME", description = "The pod's namespace.")
  private @Nullable String namespace;

  @Option(
      names = "--namespace-label",
      paramLabel = "KEY=VALUE",
      split = ",",
      description = "A label of the pod's namespace; repeats.")
  private @Nullable Map<String, String> namespaceLabels;

  @Option(
      names = "--object-label",
      paramLabel = "KEY=VALUE",
      split = ",",
      description = "A label of the pod; repeats.")
  private @Nullable Map<String, String> objectLabels;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "30s",
      converter = DurationOption.class,
      description = "When to give up at the latest; policies have their own timeout (30s).")
  private Duration timeout = Duration.ofSeconds(30);

  @Mixin private RegistryOptions registries = new RegistryOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws MisuseException {
    var line = requireNonNull(spec, "picocli sets spec").commandLine();
    var policySet = readPolicies(line.getErr());
    var source = ImageSource.parse(image);
    var decision = decide(source, request(source), policySet);
    if (decision.findings().policies().isEmpty()) {
      line.getErr().println("referee: no policy matches this image");
    }
    line.getOut()
        .print(output.render(() -> DecisionText.tree(decision), () -> DecisionJson.of(decision)));
    line.getOut().flush();
    return switch (decision) {
      case Decision.Allowed allowed -> ExitCode.OK;
      case Decision.Warned warned -> ExitCode.OK;
      case Decision.Denied denied -> denied.isUndecided() ? ExitCode.UNDECIDED : ExitCode.DENIED;
    };
  }

  private PolicySet readPolicies(PrintWriter err) throws MisuseException {
    try (var source = new FixedPolicies(PolicyFiles.read(policies).compile())) {
      var set = source.current();
      set.problems().forEach(problem -> err.println("referee: " + problem));
      return set;
    } catch (PolicyFileException e) {
      throw new MisuseException(String.valueOf(e.getMessage()), e);
    }
  }

  private ImageRequest request(ImageSource source) throws MisuseException {
    return new ImageRequest(
        source.reference(), matched(source), namespace, namespaceLabels, objectLabels);
  }

  private @Nullable Repository matched(ImageSource source) throws MisuseException {
    if (repository == null) {
      return source.isLayout() ? null : source.reference().repository();
    }
    if (!source.isLayout()) {
      throw new MisuseException("--as is for folders; an image of a registry has a name");
    }
    try {
      return Reference.parse(repository).repository();
    } catch (MalformedContentException e) {
      throw new MisuseException("--as: " + e.getMessage(), e);
    }
  }

  private Decision decide(ImageSource source, ImageRequest request, PolicySet policySet)
      throws MisuseException {
    var config = registries.config();
    var vertx = Vertx.vertx();
    try (var client = new RegistryClient(vertx, config);
        var statuses = new StatusClient(vertx, config)) {
      var engine =
          new Engine(
              source.sources(client),
              new RememberedRevocation(statuses, System::nanoTime),
              ProofMemory.NONE,
              InstantSource.system(),
              bug -> LOG.error("a check failed over an error of ours", bug));
      return engine.decide(request, policySet, Deadline.in(timeout));
    } finally {
      vertx.close().await();
    }
  }
}
