package dev.referee.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Pods as kubelets and schedulers report them.
class PodTroubleTest {
  @Test
  void saysWhyAPodFindsNoNode() {
    var trouble =
        PodTrouble.of(
            List.of(
                pod(
                    """
                    {conditions: [{type: PodScheduled, status: "False", reason: Unschedulable,
                      message: "0/3 nodes are available: 3 Insufficient memory."}]}
                    """)));

    assertThat(trouble)
        .contains(
            new PodTrouble(
                "Unschedulable",
                "pod images-0 finds no node: 0/3 nodes are available: 3 Insufficient memory."));
  }

  @Test
  void saysWhyAnImageIsNotPulled() {
    var trouble =
        PodTrouble.of(
            List.of(
                pod(
                    """
                    {conditions: [{type: PodScheduled, status: "True"}], containerStatuses: [{
                      state: {waiting: {reason: ImagePullBackOff, message: "Back-off pulling"}}}]}
                    """)));

    assertThat(trouble)
        .contains(new PodTrouble("ImagePullBackOff", "pod images-0: Back-off pulling"));
  }

  @Test
  void saysHowAPodEndedThatStartsAgainAndAgain() {
    var trouble =
        PodTrouble.of(
            List.of(
                pod(
                    """
                    {containerStatuses: [{state: {waiting: {reason: CrashLoopBackOff,
                      message: "back-off 10s"}}, lastState: {terminated: {exitCode: 2}}}]}
                    """)));

    assertThat(trouble.orElseThrow().reason()).isEqualTo("CrashLoopBackOff");
    assertThat(trouble.orElseThrow().message()).contains("exit code 2");
  }

  @Test
  void aPodOnItsWayIsNoTrouble() {
    assertThat(
            PodTrouble.of(
                List.of(
                    pod("{containerStatuses: [{state: {waiting: {reason: ContainerCreating}}}]}"),
                    pod("{containerStatuses: [{state: {running: {}}}]}"),
                    pod("{}"))))
        .isEmpty();
  }

  private static Pod pod(String status) {
    return Serialization.unmarshal(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: images-0}\nstatus: " + status, Pod.class);
  }
}
