package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.operator.registry.model.RegistryInputs;
import dev.referee.operator.registry.model.RegistryNames;
import dev.referee.operator.registry.model.RegistryObjects;
import dev.referee.operator.registry.model.RegistryServices;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// One reconciliation, read from top to bottom: each step may end it with a reason.
final class RegistrySteps {
  private final KubernetesClient client;
  private final OciRegistriesConfig config;
  private final Clock clock;

  RegistrySteps(KubernetesClient client, OciRegistriesConfig config, Clock clock) {
    this.client = requireNonNull(client, "client is null");
    this.config = requireNonNull(config, "config is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  RegistryFinding run(ObjectMeta metadata, OciRegistrySpec spec) throws UnsatisfiedException {
    var names = names(metadata);
    checkName(names);
    var objects = new OwnedObjects(client, names);
    var secrets = new UserSecrets(client, names.namespace());
    var mounted = secrets.checkMounted(spec);
    GivenAuthorities.check(spec);
    var claimSize = prepareClaim(names, spec);
    var tokens = new TokenIssuers(client).find();
    var service = objects.apply(RegistryServices.main(names));
    var certificate =
        new CertificateStep(secrets, objects, names, clock.instant())
            .run(spec, hosts(names, spec, service));
    new TokenStep(secrets, objects, names).run(spec);
    new MirrorSources(secrets).check(spec, ownAuthorities(names, spec, service));
    var inputs =
        new RegistryInputs(
            config.image(),
            config.clusterDomain(),
            certificate.secret(),
            certificate.caBundle(),
            claimSize,
            tokens,
            config.readers(),
            config.pinner(),
            mounted);
    for (var object : RegistryObjects.of(names, spec, inputs)) {
      var _ = objects.apply(object);
    }
    removeUnwanted(objects, names, spec, certificate);
    return new WorkloadObservation(client, names)
        .finding(spec, endpoint(names), address(spec, names, service), certificate.caBundle());
  }

  /// What still holds of a registry that cannot be as it should: its pods go on with what they had.
  RegistryFinding kept(ObjectMeta metadata, UnsatisfiedException why) {
    var names = names(metadata);
    return new WorkloadObservation(client, names).kept(why, endpoint(names));
  }

  private static RegistryNames names(ObjectMeta metadata) {
    return new RegistryNames(metadata.getNamespace(), metadata.getName(), metadata.getUid());
  }

  private static void checkName(RegistryNames names) throws UnsatisfiedException {
    if (!names.isUsable()) {
      throw new UnsatisfiedException(
          RegistryReason.UNUSABLE_NAME,
          ("no Service can be called %s; take at most 50 of a-z, 0-9 and -, with a letter first and"
                  + " no - last")
              .formatted(names.name()));
    }
  }

  private String prepareClaim(RegistryNames names, OciRegistrySpec spec)
      throws UnsatisfiedException {
    var volume = spec.storage().persistentVolume();
    return volume == null ? "" : new VolumeClaim(client, names).prepare(volume);
  }

  /// Pods reach it by its names, nodes by its address, which no name server of theirs knows the
  /// name of, or by a port of their own.
  private List<String> hosts(RegistryNames names, OciRegistrySpec spec, Service service) {
    var hosts = new ArrayList<String>();
    hosts.add(names.host(config.clusterDomain()));
    var inNamespace = "%s.%s".formatted(names.name(), names.namespace());
    hosts.addAll(List.of(inNamespace + ".svc", inNamespace, names.name()));
    hosts.addAll(service.getSpec().getClusterIPs());
    if (spec.nodePort() != null) {
      hosts.addAll(List.of("localhost", "127.0.0.1", "::1"));
    }
    return hosts;
  }

  /// What a mirror of another registry is not called.
  private Set<String> ownAuthorities(RegistryNames names, OciRegistrySpec spec, Service service) {
    return hosts(names, spec, service).stream()
        .map(host -> host.contains(":") ? "[" + host + "]" : host)
        .map(host -> "%s:%d".formatted(host, RegistryObjects.PORT))
        .collect(Collectors.toSet());
  }

  /// Where the operator asks it: by its address, which the operator's certificates name; by its
  /// name, where its user brings one.
  private String address(OciRegistrySpec spec, RegistryNames names, Service service) {
    return spec.tls().secretRef() == null
        ? RegistryAddress.of(service, RegistryObjects.PORT)
        : endpoint(names);
  }

  private String endpoint(RegistryNames names) {
    return "%s:%d".formatted(names.host(config.clusterDomain()), RegistryObjects.PORT);
  }

  private static void removeUnwanted(
      OwnedObjects objects,
      RegistryNames names,
      OciRegistrySpec spec,
      CertificateStep.Outcome certificate) {
    if (spec.nodePort() == null) {
      objects.remove(Service.class, names.nodes());
    }
    if (certificate.caBundle().isEmpty()) {
      objects.remove(ConfigMap.class, names.authorityBundle());
    }
    if (spec.access().tokens() == null) {
      objects.remove(Secret.class, names.tokens());
    }
    if (spec.tls().secretRef() != null) {
      objects.remove(Secret.class, names.serving());
      objects.remove(Secret.class, names.authority());
    }
  }
}
