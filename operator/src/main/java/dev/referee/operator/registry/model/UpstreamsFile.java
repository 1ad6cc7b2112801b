package dev.referee.operator.registry.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.api.v1alpha1.RegistryMirror;
import java.util.Map;
import java.util.TreeMap;

/// The file that tells a registry which of its repositories have to do with others, and what it
/// names. All of it is read at the start only, so it is named by its content: another one is
/// another pod. Credentials are not: the registry looks at them whenever it needs them.
///
/// @param name its name in the ConfigMap
/// @param content what is in it
/// @param authorities the files of certificates that it names, and what is in them
record UpstreamsFile(String name, String content, Map<String, String> authorities) {
  UpstreamsFile {
    authorities = Map.copyOf(authorities);
  }

  static UpstreamsFile of(OciRegistrySpec spec) {
    var file = JsonNodeFactory.instance.objectNode();
    var authorities = new TreeMap<String, String>();
    var overlays = file.putArray("overlays");
    spec.overlays().forEach(overlay -> overlays.addObject().put("prefix", overlay.prefix()));
    if (!spec.mirrors().isEmpty()) {
      var mirrors = file.putArray("mirrors");
      spec.mirrors().forEach(mirror -> add(mirror, mirrors, authorities));
    }
    var content = file.toPrettyString() + "\n";
    return new UpstreamsFile(
        "upstreams-%s.json".formatted(ContentHash.of(content)), content, authorities);
  }

  private static void add(
      RegistryMirror mirror, ArrayNode mirrors, Map<String, String> authorities) {
    var entry =
        mirrors.addObject().put("prefix", mirror.prefix()).put("upstream", mirror.upstream());
    var credentials = mirror.credentialsRef();
    if (credentials != null) {
      entry.put("credentialsFile", UpstreamCredentials.file(credentials));
    }
    var bundle = mirror.caBundle();
    if (bundle != null) {
      var name = "upstream-ca-%s.crt".formatted(ContentHash.of(bundle));
      authorities.put(name, bundle);
      entry.put("caFile", RegistryCommandLine.ACCESS_FOLDER + "/" + name);
    }
    entry
        .put("plainHttp", mirror.plainHTTP())
        .put("freshSeconds", mirror.refresh().toSeconds())
        .put("maxBlobBytes", mirror.maxBlobBytes());
  }
}
