package dev.referee.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.api.v1alpha1.RefereeConfigurationSpec;
import dev.referee.oci.json.StrictJson;
import dev.referee.webhook.AdmissionRequest.Operation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectImagesTest {
  private static final ObjectImages IMAGES = new ObjectImages(RefereeConfigurationSpec.DEFAULT);

  private static final String SPEC =
      """
      {"initContainers":[{"name":"i","image":"init"}],
       "containers":[{"name":"a","image":"app"},{"name":"b","image":"sidecar"}],
       "ephemeralContainers":[{"name":"d","image":"debug"}],
       "volumes":[{"name":"x","emptyDir":{}},{"name":"v","image":{"reference":"volume"}}]}
      """;

  @Test
  void findsEveryImageOfAPod() throws UnreadableObjectException {
    assertThat(created("", "Pod", "{\"spec\":%s}".formatted(SPEC)))
        .containsExactly(
            new ImageField("spec.initContainers[0].image", "initContainers/i", "init"),
            new ImageField("spec.containers[0].image", "containers/a", "app"),
            new ImageField("spec.containers[1].image", "containers/b", "sidecar"),
            new ImageField("spec.ephemeralContainers[0].image", "ephemeralContainers/d", "debug"),
            new ImageField("spec.volumes[1].image.reference", "volumes/v", "volume"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', PodTemplate, '{\"template\":{\"spec\":%s}}', template.spec.initContainers[0].image",
    "'', ReplicationController, '{\"spec\":{\"template\":{\"spec\":%s}}}',"
        + " spec.template.spec.initContainers[0].image",
    "apps, Deployment, '{\"spec\":{\"template\":{\"spec\":%s}}}',"
        + " spec.template.spec.initContainers[0].image",
    "apps, ReplicaSet, '{\"spec\":{\"template\":{\"spec\":%s}}}',"
        + " spec.template.spec.initContainers[0].image",
    "apps, StatefulSet, '{\"spec\":{\"template\":{\"spec\":%s}}}',"
        + " spec.template.spec.initContainers[0].image",
    "apps, DaemonSet, '{\"spec\":{\"template\":{\"spec\":%s}}}',"
        + " spec.template.spec.initContainers[0].image",
    "batch, Job, '{\"spec\":{\"template\":{\"spec\":%s}}}',"
        + " spec.template.spec.initContainers[0].image",
    "batch, CronJob, '{\"spec\":{\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":%s}}}}}',"
        + " spec.jobTemplate.spec.template.spec.initContainers[0].image",
  })
  void findsTheImagesOfEveryKindWithAPodTemplate(
      String group, String kind, String object, String firstPath) throws UnreadableObjectException {
    assertThat(created(group, kind, object.formatted(SPEC)))
        .hasSize(5)
        .first()
        .extracting(ImageField::path)
        .isEqualTo(firstPath);
  }

  /// An update that changes no image is not about images, and an object that is being finalised
  /// must remain possible to update (connaisseur#2053).
  @Test
  void asksNotAgainForWhatIsThere() throws UnreadableObjectException {
    assertThat(updated(pod("a=app"), pod("a=app"))).isEmpty();
    assertThat(updated(pod("a=app", "b=sidecar"), pod("b=sidecar"))).isEmpty();
    assertThat(updated(pod("a=app"), pod("b=sidecar", "a=app"))).hasSize(1);
  }

  /// What changes, or comes to another place, is asked for.
  @Test
  void asksForWhatIsNewOrElsewhere() throws UnreadableObjectException {
    assertThat(updated(pod("a=app"), pod("a=evil")))
        .extracting(ImageField::image)
        .containsExactly("evil");
    // The image of another container was checked for that one, under the policies of its day.
    assertThat(updated(pod("a=app"), pod("a=app", "b=app"))).hasSize(1);
    assertThat(updated(pod("a=app", "b=evil"), pod("a=evil", "b=app"))).hasSize(2);
  }

  /// CVE-2023-34091: a terminating pod is a pod; what is added to it is checked.
  @Test
  void asksForWhatIsAddedToATerminatingPod() throws UnreadableObjectException {
    var terminating = "\"metadata\":{\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"},";
    var before =
        "{%s\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"app\"}]}}".formatted(terminating);
    var after =
        "{%s\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"app\"}],\"ephemeralContainers\":[{\"name\":\"d\",\"image\":\"evil\"}]}}"
            .formatted(terminating);

    assertThat(updated(before, after)).extracting(ImageField::image).containsExactly("evil");
    assertThat(updated(before, before)).isEmpty();
  }

  /// kyverno#15705: an object without images that could be found is not an object without images.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"spec\":{}}",
        "{\"spec\":null}",
        "{\"spec\":\"x\"}",
        "{\"spec\":[]}",
        "{\"spec\":{\"containers\":[]}}",
        "{\"spec\":{\"containers\":{}}}",
        "{\"spec\":{\"containers\":\"x\"}}",
        "{\"spec\":{\"containers\":[{\"name\":\"a\"}]}}",
        "{\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"\"}]}}",
        "{\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":1}]}}",
        "{\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":[\"app\"]}]}}",
        "{\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"app\"}],\"initContainers\":{}}}",
        "{\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"app\"}],\"volumes\":[{\"image\":{\"reference\":1}}]}}"
      })
  void refusesAPodInWhichItFindsNoImage(String pod) {
    assertThatThrownBy(() -> created("", "Pod", pod)).isInstanceOf(UnreadableObjectException.class);
  }

  @Test
  void refusesAKindItDoesNotKnow() {
    assertThatThrownBy(() -> created("example.com", "Deployment", "{}"))
        .isInstanceOf(UnreadableObjectException.class)
        .hasMessageContaining("it is not known where a Deployment has images");
    assertThatThrownBy(() -> IMAGES.brought(request("", "Pod", Operation.CREATE, null, null)))
        .isInstanceOf(UnreadableObjectException.class);
  }

  /// A template may leave an image for others to fill in; a pod with it will be asked about.
  @Test
  void letsATemplateLeaveAnImageOut() throws UnreadableObjectException {
    assertThat(
            created(
                "apps",
                "Deployment",
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"a\"}]}}}}"))
        .isEmpty();
  }

  @Test
  void refusesMoreImagesThanItChecks() {
    var container = "{\"name\":\"a\",\"image\":\"app\"},".repeat(600);
    var pod =
        "{\"spec\":{\"containers\":[%s]}}"
            .formatted(container.substring(0, container.length() - 1));

    assertThatThrownBy(() -> created("", "Pod", pod)).isInstanceOf(UnreadableObjectException.class);
  }

  private static String pod(String... containers) {
    var list =
        Arrays.stream(containers)
            .map(c -> c.split("=", 2))
            .map(c -> "{\"name\":\"%s\",\"image\":\"%s\"}".formatted(c[0], c[1]))
            .toList();
    return "{\"spec\":{\"containers\":[%s]}}".formatted(String.join(",", list));
  }

  private static List<ImageField> created(String group, String kind, String object)
      throws UnreadableObjectException {
    return IMAGES.brought(request(group, kind, Operation.CREATE, parse(object), null));
  }

  private static List<ImageField> updated(String before, String after)
      throws UnreadableObjectException {
    return IMAGES.brought(request("", "Pod", Operation.UPDATE, parse(after), parse(before)));
  }

  private static AdmissionRequest request(
      String group,
      String kind,
      Operation operation,
      @Nullable ObjectNode object,
      @Nullable ObjectNode oldObject) {
    return new AdmissionRequest(
        "u", group, kind, group, "v1", kind, "", operation, "shop", "cart", object, oldObject);
  }

  private static ObjectNode parse(String json) {
    return StrictJson.readObject(json.getBytes(UTF_8), 1 << 20).node();
  }
}
