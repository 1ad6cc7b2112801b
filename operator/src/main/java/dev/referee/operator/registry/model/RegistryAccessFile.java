package dev.referee.operator.registry.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.api.v1alpha1.RegistryAction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The files that tell a registry who may do what: its access list, the keys that prove the tokens
/// of service accounts, whom it trusts, and which repositories are overlays and mirrors.
///
/// The registry is handed the keys, so that its pods need neither a token nor a way to the API
/// server. Their file is named by its content: whoever sees the new list sees the new keys.
final class RegistryAccessFile {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String EVERYTHING = "**";

  private RegistryAccessFile() {}

  /// The data of the ConfigMap.
  static Map<String, String> of(RegistryNames names, OciRegistrySpec spec, RegistryInputs inputs) {
    var keys = "keys-%s.json".formatted(ContentHash.of(inputs.tokens().keys()));
    var file = NODES.objectNode();
    if (spec.access().anonymousRead()) {
      file.putArray("anonymous").add(grant(List.of(EVERYTHING), List.of(RegistryAction.PULL)));
    }
    var host = names.host(inputs.clusterDomain());
    var accounts = file.putObject("serviceAccounts");
    accounts.put("issuer", inputs.tokens().issuer());
    accounts.putArray("audiences").add("%s:%d".formatted(host, RegistryCommandLine.PORT)).add(host);
    accounts.put("jwks", RegistryCommandLine.ACCESS_FOLDER + "/" + keys);
    accounts.set("grants", grants(names, spec, inputs));
    if (!spec.access().certificates().isEmpty()) {
      file.set("certificates", certificates(spec));
    }
    var data = new TreeMap<String, String>();
    data.put(RegistryCommandLine.ACCESS_FILE, file.toPrettyString() + "\n");
    data.put(keys, inputs.tokens().keys());
    // The registry looks at both again and again: the same name, whatever is in it.
    var clients = spec.tls().clients();
    if (clients != null) {
      data.put(RegistryCommandLine.CLIENTS_FILE, clients.caBundle());
    }
    var events = spec.events();
    if (events != null && events.caBundle() != null) {
      data.put(RegistryCommandLine.EVENTS_CA_FILE, events.caBundle());
    }
    if (spec.namesUpstreams()) {
      var upstreams = UpstreamsFile.of(spec);
      data.put(upstreams.name(), upstreams.content());
      data.putAll(upstreams.authorities());
    }
    return data;
  }

  private static ArrayNode grants(
      RegistryNames names, OciRegistrySpec spec, RegistryInputs inputs) {
    var grants = NODES.arrayNode();
    for (var account : spec.access().serviceAccounts()) {
      var namespace = account.namespace() == null ? names.namespace() : account.namespace();
      grants.add(
          whose(namespace, account.name(), grant(account.repositories(), account.actions())));
    }
    for (var namespace : inputs.readers()) {
      grants.add(whose(namespace, "*", grant(List.of(EVERYTHING), List.of(RegistryAction.PULL))));
    }
    var pinner = inputs.pinner();
    if (pinner != null && spec.pinsRunning()) {
      grants.add(
          whose(
              pinner.namespace(),
              pinner.name(),
              grant(List.of(EVERYTHING), List.of(RegistryAction.PIN))));
    }
    return grants;
  }

  private static ArrayNode certificates(OciRegistrySpec spec) {
    var certificates = NODES.arrayNode();
    for (var certificate : spec.access().certificates()) {
      var entry = certificates.addObject();
      put(entry, "uri", certificate.uri());
      put(entry, "dns", certificate.dns());
      put(entry, "email", certificate.email());
      put(entry, "commonName", certificate.commonName());
      entry.setAll(grant(certificate.repositories(), certificate.actions()));
    }
    return certificates;
  }

  private static void put(ObjectNode entry, String name, @Nullable String value) {
    if (value != null) {
      entry.put(name, value);
    }
  }

  private static ObjectNode whose(String namespace, String name, ObjectNode grant) {
    var entry = NODES.objectNode();
    entry.put("namespace", namespace);
    entry.put("name", name);
    entry.setAll(grant);
    return entry;
  }

  private static ObjectNode grant(List<String> repositories, List<RegistryAction> actions) {
    var grant = NODES.objectNode();
    var patterns = grant.putArray("repositories");
    repositories.forEach(patterns::add);
    var names = grant.putArray("actions");
    actions.forEach(action -> names.add(action.toString()));
    return grant;
  }
}
