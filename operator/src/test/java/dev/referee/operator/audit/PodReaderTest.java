package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Digest;
import dev.referee.operator.audit.RunningPod.Controller;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodReaderTest {
  private static final String ONE = "sha256:" + "1".repeat(64);
  private static final String TWO = "sha256:" + "2".repeat(64);

  @Test
  void findsEveryImageThatRuns() {
    var pod =
        Pods.of(
            """
            apiVersion: v1
            kind: Pod
            metadata: {namespace: shop, name: cart-1, uid: u1, labels: {app: cart}}
            spec:
              initContainers: [{name: migrate, image: "migrate:1"}]
              containers:
                - {name: main, image: "registry.example.com/cart:1.4"}
                - {name: waits, image: "waits:1"}
              ephemeralContainers: [{name: debug, image: "debug:1"}]
              volumes:
                - {name: model, image: {reference: "models/llm:3"}}
                - {name: tmp, emptyDir: {}}
            status:
              phase: Running
              initContainerStatuses: [{name: migrate, imageID: "docker.io/library/migrate@%1$s"}]
              containerStatuses:
                - {name: main, imageID: "mirror.example.com/cart@%2$s"}
                - {name: waits, imageID: ""}
              ephemeralContainerStatuses: [{name: debug, imageID: "docker-pullable://debug@%1$s"}]
            """
                .formatted(ONE, TWO));

    var read = PodReader.read(pod);

    assertThat(read.images())
        .containsExactly(
            new PodImage("migrate:1", Digest.parse(ONE)),
            new PodImage("registry.example.com/cart:1.4", Digest.parse(TWO)),
            new PodImage("debug:1", Digest.parse(ONE)),
            new PodImage("models/llm:3", null));
    assertThat(read.labels()).isEqualTo(Map.of("app", "cart"));
    assertThat(read.controller()).isNull();
    assertThat(read.asWorkload()).isEqualTo(new Workload("v1", "Pod", "shop", "cart-1", "u1"));
  }

  /// What is judged is in the repository that the pod names, which policies know, and is the digest
  /// that runs; a digest that the pod names itself is what admission judged.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cart:1.4        | mirror.example.com/cart@D1 | docker.io/library/cart:1.4@D1
          cart:1.4@D2     | docker.io/library/cart@D1  | docker.io/library/cart:1.4@D2
          cart@D2         | docker.io/library/cart@D1  | docker.io/library/cart@D2
          cart:1.4        | D1                         | docker.io/library/cart:1.4
          cart:1.4        | docker://D1                | docker.io/library/cart:1.4
          cart:1.4        | @D1                        | docker.io/library/cart:1.4
          cart:1.4        | cart@sha256:12             | docker.io/library/cart:1.4
          """)
  void judgesWhatRuns(String image, String imageId, String judged) {
    var pod = new PodImage(digests(image), PodImage.runningDigest(digests(imageId)));

    assertThat(pod.reference()).hasToString(digests(judged));
  }

  private static String digests(String text) {
    return text.replace("D1", ONE).replace("D2", TWO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{phase: Succeeded, containerStatuses: [{name: main, imageID: \"x@DIGEST\"}]}",
        "{phase: Failed, containerStatuses: [{name: main, imageID: \"x@DIGEST\"}]}",
        "{phase: Pending, containerStatuses: [{name: main, imageID: \"\"}]}",
        "{phase: Pending}",
        "{}"
      })
  void countsOnlyWhatRuns(String status) {
    var pod =
        Pods.of(
            """
            apiVersion: v1
            kind: Pod
            metadata: {namespace: shop, name: cart-1, uid: u1}
            spec:
              containers: [{name: main, image: "cart:1"}]
              volumes: [{name: model, image: {reference: "models/llm:3"}}]
            status: %s
            """
                .formatted(status.replace("DIGEST", ONE)));

    assertThat(PodReader.read(pod).images()).isEmpty();
  }

  @Test
  void knowsItsController() {
    assertThat(PodReader.read(Pods.running("shop", "p", "ReplicaSet/cart-5", "cart", ONE)))
        .extracting(RunningPod::controller)
        .isEqualTo(new Controller("apps/v1", "ReplicaSet", "cart-5", "cart-5"));
  }

  @Test
  void takesNoNodeForAWorkload() {
    assertThat(PodReader.read(Pods.running("kube-system", "etcd", "Node/n1", "etcd", ONE)))
        .extracting(RunningPod::controller)
        .isNull();
  }

  /// A store of ten thousand whole pods would be a hundred megabytes; what an informer asks the
  /// store for is no more than a name.
  @Test
  void keepsOfAPodOnlyWhatIsNeeded() {
    var pod = Pods.running("shop", "p", "ReplicaSet/cart-5", "cart", ONE);
    int[] changes = {0};
    var store = new PodStore(() -> changes[0]++);

    assertThat(store.put(store.getKey(pod), pod)).isNull();
    assertThat(store.takeChanged()).containsExactly("shop/p");
    var again = Pods.running("shop", "p", "ReplicaSet/cart-5", "cart", ONE);
    again.getMetadata().setResourceVersion("2");
    assertThat(store.put(store.getKey(again), again)).isNotNull();

    assertThat(store.takeChanged()).as("nothing that matters changed").isEmpty();
    assertThat(changes[0]).isEqualTo(1);
    var kept = requireNonNull(store.get("shop/p"));
    assertThat(kept.getSpec()).isNull();
    assertThat(kept.getMetadata().getUid()).isEqualTo("uid-of-p");
    assertThat(store.remove("shop/p")).isNotNull();
    assertThat(store.takeChanged()).containsExactly("shop/p");
    assertThat(store.find("shop/p")).isEmpty();
    assertThat(store.size()).isZero();
  }
}
