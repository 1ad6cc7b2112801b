package dev.referee.cli.demo;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.cli.ExitCode;
import dev.referee.cli.demo.Scenario.Expectation.Admitted;
import dev.referee.cli.demo.Scenario.Expectation.NotChecked;
import dev.referee.cli.demo.Scenario.Expectation.Refused;
import dev.referee.oci.Deadline;
import dev.referee.oci.Reference;
import dev.referee.testing.AdmissionReviews;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.decision.DecisionText;
import dev.referee.verify.decision.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `referee demo`: pushes the chain and its broken variants to a registry, has the webhook review a
/// pod for each as an API server would, and shows every verdict with the evidence behind it.
@Command(
    name = "demo",
    description = {
      "Shows the whole chain on loopback: a registry, images with and without evidence,",
      "the admission webhook and its verdicts. Nothing is installed and nothing remains."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private @Nullable CommandSpec spec;

  private int allowed;
  private int denied;
  private int unexpected;

  @Override
  public Integer call() throws Exception {
    var out = requireNonNull(spec, "picocli sets spec").commandLine().getOut();
    try (var world = DemoWorld.start()) {
      out.println("registry  " + world.registryUri());
      out.println("webhook   " + world.webhookUri());
      out.println(
          "policy    every image needs a signature by ci-key, and an SBOM that ci-key signed");
      int number = 0;
      for (var scenario : new Scenarios(world.key()).all()) {
        scenario.content().push(world.repository(scenario.name()));
        out.printf("%n%d. %s: %s%n", ++number, scenario.name(), scenario.story());
        show(world, scenario, out);
        out.flush();
      }
    }
    out.printf(
        "%ndemo: %d reviews, %d allowed, %d denied, %s%n",
        allowed + denied,
        allowed,
        denied,
        unexpected == 0 ? "all as expected" : unexpected + " NOT as expected");
    out.flush();
    return unexpected == 0 ? ExitCode.OK : ExitCode.DENIED;
  }

  private void show(DemoWorld world, Scenario scenario, PrintWriter out)
      throws IOException, InterruptedException {
    if (scenario.expectation() instanceof NotChecked(String missing)) {
      out.println("   not checked yet: " + missing);
      return;
    }
    var image = "%s/shop/%s:%s".formatted(world.host(), scenario.name(), Scenarios.TAG);
    var verdict = review(world, image);
    boolean admitted = verdict.path("allowed").asBoolean();
    // The webhook answers in a few words; the same gate shows everything behind them.
    var decision =
        world
            .gate()
            .decide(Reference.parse(image), "shop", Map.of(), Deadline.in(Duration.ofSeconds(10)));
    DecisionText.tree(decision).lines().forEach(line -> out.println("   " + line));
    boolean asExpected =
        admitted == decision.admits()
            && switch (scenario.expectation()) {
              case Admitted() -> admitted;
              case Refused(Reason reason) -> !admitted && reasons(decision).equals(List.of(reason));
              case NotChecked(String missing) -> true;
            };
    out.printf(
        "   the webhook says: %s, %s%n",
        admitted ? "allowed" : "denied", asExpected ? "as expected" : "NOT as expected");
    if (admitted) {
      allowed++;
    } else {
      denied++;
    }
    if (!asExpected) {
      unexpected++;
      out.println("   " + verdict.path("status").path("message").asText());
    }
  }

  /// Posts the review of a pod's creation, and checks that the answer is to this question.
  static JsonNode review(DemoWorld world, String image) throws IOException, InterruptedException {
    var review = AdmissionReviews.podCreation("shop", "demo", image);
    var request =
        HttpRequest.newBuilder(URI.create(world.webhookUri() + "/validate?timeout=10s"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(review.toString()))
            .build();
    var response = world.http().send(request, BodyHandlers.ofString());
    var answer = JSON.readTree(response.body()).path("response");
    if (!answer.path("uid").equals(review.path("request").path("uid"))) {
      throw new IOException("the webhook answered another question: " + response.body());
    }
    return answer;
  }

  private static List<Reason> reasons(Decision decision) {
    return decision.findings().policies().stream()
        .flatMap(policy -> policy.requirements().stream())
        .map(requirement -> requirement.outcome())
        .flatMap(outcome -> outcome.failure().stream())
        .toList();
  }
}
