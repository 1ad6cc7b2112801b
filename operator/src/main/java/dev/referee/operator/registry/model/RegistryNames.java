package dev.referee.operator.registry.model;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What the objects of one registry are called, and that they belong to it.
///
/// @param namespace where it lives
/// @param name of the OciRegistry, and of its Service: images name that
/// @param uid of the OciRegistry
public record RegistryNames(String namespace, String name, String uid) {
  /// Every object of ours carries it, so that only those are watched.
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /// The value of [#MANAGED_BY].
  public static final String OPERATOR = "referee-operator";

  /// Names the registry that an object belongs to.
  public static final String INSTANCE = "app.kubernetes.io/instance";

  /// A Service's name is a DNS label, and other objects put a suffix behind it.
  private static final Pattern USABLE = Pattern.compile("[a-z]([a-z0-9-]{0,48}[a-z0-9])?");

  private static final String COMPONENT = "app.kubernetes.io/component";
  private static final String NAME = "app.kubernetes.io/name";

  public RegistryNames {
    requireNonNull(namespace, "namespace is null");
    requireNonNull(name, "name is null");
    requireNonNull(uid, "uid is null");
  }

  /// Whether a Service can have this name.
  public boolean isUsable() {
    return USABLE.matcher(name).matches();
  }

  /// The Service that gives each pod of a StatefulSet a name.
  public String headless() {
    return name + "-pods";
  }

  /// The Service at which nodes reach it on a port of their own.
  public String nodes() {
    return name + "-nodes";
  }

  /// The Secret with the key of the authority. No pod sees it.
  public String authority() {
    return name + "-authority";
  }

  /// The Secret with the certificate that it serves with.
  public String serving() {
    return name + "-tls";
  }

  /// The Secret with what signs its tokens.
  public String tokens() {
    return name + "-tokens";
  }

  /// The ConfigMap with the certificates of the authority, for clients in pods.
  public String authorityBundle() {
    return name + "-ca";
  }

  /// The ConfigMap that says who may do what.
  public String access() {
    return name + "-access";
  }

  /// The claim that the StatefulSet makes for its only pod.
  public String claim() {
    return "%s-%s-0".formatted(RegistryPod.DATA, name);
  }

  /// Which pods are the registry's.
  public Map<String, String> selector() {
    return new TreeMap<>(Map.of(NAME, "referee-registry", INSTANCE, name));
  }

  /// What every object carries.
  public Map<String, String> labels() {
    var labels = new TreeMap<>(selector());
    labels.put(COMPONENT, "registry");
    labels.put("app.kubernetes.io/part-of", "referee");
    labels.put(MANAGED_BY, OPERATOR);
    return labels;
  }

  /// The metadata of an object of this registry, which goes when the OciRegistry goes.
  public ObjectMeta meta(String objectName) {
    return new ObjectMetaBuilder()
        .withNamespace(namespace)
        .withName(objectName)
        .withLabels(labels())
        .withOwnerReferences(List.of(owner()))
        .build();
  }

  /// The OciRegistry as the one that controls an object.
  public OwnerReference owner() {
    return new OwnerReferenceBuilder()
        .withApiVersion("referee.dev/v1alpha1")
        .withKind("OciRegistry")
        .withName(name)
        .withUid(uid)
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  /// The name by which images name it, in a cluster of this domain.
  public String host(String clusterDomain) {
    return "%s.%s.svc.%s".formatted(name, namespace, clusterDomain);
  }
}
