package dev.referee.oci;

import static dev.referee.oci.ContentReason.REFERENCE_INVALID;

import java.util.Locale;
import java.util.regex.Pattern;

/// A repository in a registry: `registry.example.com/shop/cart`.
///
/// The host is lower-case and without the default port 443, and Docker Hub has the one name
/// `docker.io`, so that a policy written for a host matches every spelling that leads to it.
///
/// @param registry `host` or `host:port`
/// @param path the repository's name inside the registry
public record Repository(String registry, String path) {
  /// The name that Docker Hub's images carry, although its API answers elsewhere.
  public static final String DOCKER_HUB = "docker.io";

  /// Registries cap host and name together (distribution-spec v1.1.1, "Pulling manifests").
  private static final int MAX_LENGTH = 255;

  private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
  private static final Pattern HOST =
      Pattern.compile(
          "(?:%s(?:\\.%s)*|\\[[a-fA-F0-9:]+\\])(?::([0-9]{1,5}))?".formatted(LABEL, LABEL));
  private static final Pattern PATH =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");

  public Repository {
    // Lengths first: a regular expression never sees a long string.
    if (registry.length() + 1 + path.length() > MAX_LENGTH) {
      throw new MalformedContentException(
          REFERENCE_INVALID, "repository name has more than %d characters".formatted(MAX_LENGTH));
    }
    registry = canonicalHost(registry);
    if (!PATH.matcher(path).matches()) {
      throw new MalformedContentException(
          REFERENCE_INVALID,
          "\"%s\" is not a repository name: lower-case letters and digits, separated by . _ __ - or /"
              .formatted(path));
    }
  }

  /// The registry's host without port, brackets of an IPv6 address removed.
  public String host() {
    if (registry.startsWith("[")) {
      return registry.substring(1, registry.indexOf(']'));
    }
    int colon = registry.indexOf(':');
    return colon < 0 ? registry : registry.substring(0, colon);
  }

  /// A text that is read as the same repository again. A host that could be the first part of a
  /// name on Docker Hub is written with its port: `REGISTRY/app` is `registry:443/app`.
  @Override
  public String toString() {
    return registry + (soundsLikeHost(registry) ? "/" : ":443/") + path;
  }

  /// Whether the first part of a reference is a host: it could not be a repository's.
  static boolean soundsLikeHost(String component) {
    return component.contains(".")
        || component.contains(":")
        || component.equals("localhost")
        || component.chars().anyMatch(c -> c >= 'A' && c <= 'Z');
  }

  private static String canonicalHost(String host) {
    var matcher = HOST.matcher(host);
    if (!matcher.matches()) {
      throw new MalformedContentException(
          REFERENCE_INVALID, "\"%s\" is not a registry host".formatted(host));
    }
    var port = matcher.group(1);
    var name = port == null ? host : host.substring(0, host.length() - port.length() - 1);
    name = name.toLowerCase(Locale.ROOT);
    if (port == null) {
      return dockerHub(name);
    }
    int number = Integer.parseInt(port);
    if (number < 1 || number > 65535) {
      throw new MalformedContentException(
          REFERENCE_INVALID, "port %s of \"%s\" is not within 1..65535".formatted(port, host));
    }
    return number == 443 ? dockerHub(name) : name + ":" + number;
  }

  private static String dockerHub(String name) {
    return switch (name) {
      case "index.docker.io", "registry-1.docker.io" -> DOCKER_HUB;
      default -> name;
    };
  }
}
