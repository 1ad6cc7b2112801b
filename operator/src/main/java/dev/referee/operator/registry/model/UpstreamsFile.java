package dev.referee.operator.registry.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.referee.api.v1alpha1.OciRegistrySpec;

/// The file that tells a registry which of its repositories have to do with others. It is read at
/// the start only, so it is named by its content: another one is another pod.
///
/// @param name its name in the ConfigMap
/// @param content what is in it
record UpstreamsFile(String name, String content) {
  static UpstreamsFile of(OciRegistrySpec spec) {
    var file = JsonNodeFactory.instance.objectNode();
    var overlays = file.putArray("overlays");
    spec.overlays().forEach(overlay -> overlays.addObject().put("prefix", overlay.prefix()));
    var content = file.toPrettyString() + "\n";
    return new UpstreamsFile("upstreams-%s.json".formatted(ContentHash.of(content)), content);
  }
}
