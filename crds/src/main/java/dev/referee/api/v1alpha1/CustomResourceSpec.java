package dev.referee.api.v1alpha1;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where objects of somebody else's kind name images. A path is field names with dots between them;
/// `[*]` after a name goes through a list, `*` as a name through every value of a map.
///
/// @param group API group, such as `argoproj.io`
/// @param resource plural name as in rules and request paths, such as `rollouts`
/// @param podTemplates paths of pod templates (objects with a `spec` that is a pod spec)
/// @param podSpecs paths of pod specs
/// @param images paths of strings that are image references
public record CustomResourceSpec(
    String group,
    String resource,
    List<String> podTemplates,
    List<String> podSpecs,
    List<String> images) {
  private static final Pattern PATH =
      Pattern.compile("([a-zA-Z0-9_-]+(\\[\\*])?|\\*)(\\.([a-zA-Z0-9_-]+(\\[\\*])?|\\*))*");

  public CustomResourceSpec(
      @Nullable String group,
      @Nullable String resource,
      @Nullable List<String> podTemplates,
      @Nullable List<String> podSpecs,
      @Nullable List<String> images) {
    this.group = Specs.required(group, "group");
    this.resource = Specs.required(resource, "resource");
    this.podTemplates = Specs.list(podTemplates);
    this.podSpecs = Specs.list(podSpecs);
    this.images = Specs.list(images);
    Specs.check(
        paths().findAny().isPresent(), "a custom resource needs a path at which it names images");
    paths()
        .forEach(
            path ->
                Specs.check(
                    PATH.matcher(path).matches(),
                    "\"%s\" is not a path such as spec.template or spec.steps[*].image"
                        .formatted(path)));
  }

  private Stream<String> paths() {
    return Stream.of(podTemplates, podSpecs, images).flatMap(List::stream);
  }
}
