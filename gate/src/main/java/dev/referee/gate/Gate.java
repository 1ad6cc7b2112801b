package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.RefereeConfigurationSpec;
import dev.referee.oci.ArtifactSources;
import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.oci.Reference;
import dev.referee.verify.Engine;
import dev.referee.verify.ProofMemory;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.policy.ImageRequest;
import dev.referee.verify.revocation.RevocationSources;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// May this image run? The engine with everything around it that a running cluster has.
public final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

  private final PolicySource policies;
  private final NamespaceLabels namespaces;
  private final Engine engine;

  /// A gate that asks nobody about revocation: whatever has to be looked up stays unknown.
  ///
  /// @param memory what was proven before
  /// @param clock the time that exceptions and signers end by
  public Gate(
      PolicySource policies,
      NamespaceLabels namespaces,
      ArtifactSources sources,
      ProofMemory memory,
      InstantSource clock) {
    this(policies, namespaces, sources, RevocationSources.NONE, memory, clock);
  }

  /// A gate that looks revocation up.
  ///
  /// @param revocation where
  /// @param memory what was proven before
  /// @param clock the time that exceptions and signers end by
  public Gate(
      PolicySource policies,
      NamespaceLabels namespaces,
      ArtifactSources sources,
      RevocationSources revocation,
      ProofMemory memory,
      InstantSource clock) {
    this.policies = requireNonNull(policies, "policies is null");
    this.namespaces = requireNonNull(namespaces, "namespaces is null");
    this.engine =
        new Engine(
            sources,
            revocation,
            memory,
            clock,
            bug -> LOG.error("a decision failed over an error of ours", bug));
  }

  /// Whether decisions can be made at all: before every policy is known, none can.
  public boolean isReady() {
    return policies.isReady();
  }

  /// What belongs to no single policy.
  ///
  /// @return the defaults before the gate is ready
  public RefereeConfigurationSpec configuration() {
    return policies.current().configuration();
  }

  /// The digest that an image is to be pinned to, where a policy asks for that; empty also when it
  /// cannot be found out.
  ///
  /// @param image the image as the object names it
  /// @param namespace the namespace of the object
  /// @param objectLabels the labels of the object
  /// @param deadline when the answer is due
  /// @throws IllegalStateException before the gate is ready
  public Optional<Digest> pin(
      Reference image,
      @Nullable String namespace,
      @Nullable Map<String, String> objectLabels,
      Deadline deadline) {
    return engine.pin(request(image, namespace, objectLabels), policies.current(), deadline);
  }

  /// Decides.
  ///
  /// @param image the image as the object names it
  /// @param namespace the namespace of the object
  /// @param objectLabels the labels of the object
  /// @param deadline when the answer is due
  /// @throws IllegalStateException before the gate is ready
  public Decision decide(
      Reference image,
      @Nullable String namespace,
      @Nullable Map<String, String> objectLabels,
      Deadline deadline) {
    return engine.decide(request(image, namespace, objectLabels), policies.current(), deadline);
  }

  private ImageRequest request(
      Reference image, @Nullable String namespace, @Nullable Map<String, String> objectLabels) {
    if (!isReady()) {
      throw new IllegalStateException("the policies are not known yet");
    }
    var labels = namespace == null ? null : namespaces.labels(namespace).orElse(null);
    return ImageRequest.in(namespace, labels, objectLabels, image);
  }
}
