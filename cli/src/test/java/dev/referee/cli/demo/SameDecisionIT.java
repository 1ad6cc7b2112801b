package dev.referee.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.cli.CommandLineRun;
import dev.referee.oci.layout.OciLayoutWriter;
import dev.referee.testing.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One image, one policy, one signer: the same decision through `referee verify` on a registry,
/// `referee verify` on an OCI layout, and the webhook. Every image of the demonstration takes part.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameDecisionIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private DemoWorld world;

  @BeforeAll
  void start() throws Exception {
    world = DemoWorld.start();
  }

  @AfterAll
  void stop() {
    world.close();
  }

  static Stream<String> scenarios() {
    return new Scenarios(SigningKey.p256()).all().stream().map(Scenario::name);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void decidesTheSameEverywhere(String name) throws Exception {
    var scenario =
        new Scenarios(world.key())
            .all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    var image = "%s/shop/%s:%s".formatted(world.host(), name, Scenarios.TAG);
    var layout = folder.resolve(name);
    // Signatures are random, so the folder's are others than the registry's.
    scenario.content().push(world.repository(name));
    scenario.content().push(OciLayoutWriter.open(layout));

    var registry = verify(image);
    var onDisk = verify("oci-layout:%s:%s".formatted(layout, Scenarios.TAG), "--as", image);
    var review = DemoCommand.review(world, image);

    assertThat(onDisk.exitCode()).isEqualTo(registry.exitCode());
    assertThat(outcomes(onDisk)).isEqualTo(outcomes(registry)).isNotEmpty();
    assertThat(review.path("allowed").asBoolean()).isEqualTo(registry.exitCode() == 0);
    var denial = review.path("status").path("message").asText();
    assertThat(outcomes(registry))
        .filteredOn(outcome -> !outcome.outcome().equals("met"))
        .allSatisfy(
            outcome ->
                assertThat(denial.lines())
                    .anySatisfy(line -> assertThat(line).contains(outcome.name(), outcome.reason()))
                    .anySatisfy(line -> assertThat(line).contains(outcome.message())));
  }

  private CommandLineRun verify(String image, String... more) {
    var arguments =
        Stream.concat(
            Stream.of(
                "verify",
                image,
                "--policy",
                world.policies().toString(),
                "--registry-ca",
                world.authorityFile().toString(),
                "-o",
                "json"),
            Stream.of(more));
    var run = CommandLineRun.of(arguments.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    return run;
  }

  private record RequirementOutcome(
      String policy, String name, String outcome, String reason, String message) {}

  private static List<RequirementOutcome> outcomes(CommandLineRun run) throws IOException {
    return children(JSON.readTree(run.out()).path("policies"))
        .flatMap(
            policy ->
                children(policy.path("requirements"))
                    .map(
                        requirement ->
                            new RequirementOutcome(
                                policy.path("policy").asText(),
                                requirement.path("name").asText(),
                                requirement.path("outcome").asText(),
                                requirement.path("reason").asText(),
                                requirement.path("message").asText())))
        .toList();
  }

  private static Stream<JsonNode> children(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }
}
