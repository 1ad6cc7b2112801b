package dev.referee.registry.access;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import dev.referee.registry.access.ServiceAccountRules.ServiceAccountGrant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads access files: JSON in which every field is known, so that a misspelt one is an error and
/// not a missing restriction.
final class AccessFile {
  /// Some thousand grants.
  static final int MAX_BYTES = 1 << 20;

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern ACCOUNT =
      Pattern.compile("\\*|[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

  private AccessFile() {}

  /// @throws AccessFileException with a sentence
  static AccessRules parse(byte[] content) throws AccessFileException {
    try {
      var fields = StrictJson.readObject(content, MAX_BYTES);
      fields.knowOnly("anonymous", "users", "serviceAccounts", "certificates");
      var accounts = fields.optionalObject("serviceAccounts");
      return new AccessRules(
          grants(fields, "anonymous"),
          fields.has("users") ? users(fields) : null,
          accounts == null ? null : accounts(accounts),
          certificates(fields));
    } catch (MalformedContentException | IllegalArgumentException e) {
      throw new AccessFileException(String.valueOf(e.getMessage()), e);
    }
  }

  private static List<Grant> grants(JsonFields fields, String name) {
    var grants = new ArrayList<Grant>();
    for (var object : fields.objects(name)) {
      object.knowOnly("repositories", "actions");
      grants.add(grant(object));
    }
    return grants;
  }

  private static Map<String, List<Grant>> users(JsonFields fields) {
    var users = new HashMap<String, List<Grant>>();
    for (var object : fields.objects("users")) {
      object.knowOnly("name", "repositories", "actions");
      users.computeIfAbsent(object.text("name"), _ -> new ArrayList<>()).add(grant(object));
    }
    return users;
  }

  private static List<CertificateGrant> certificates(JsonFields fields) {
    var grants = new ArrayList<CertificateGrant>();
    for (var object : fields.objects("certificates")) {
      object.knowOnly("uri", "dns", "email", "commonName", "repositories", "actions");
      grants.add(
          new CertificateGrant(
              object.optionalText("uri"),
              object.optionalText("dns"),
              object.optionalText("email"),
              object.optionalText("commonName"),
              grant(object)));
    }
    return grants;
  }

  private static ServiceAccountRules accounts(JsonFields fields) {
    fields.knowOnly("issuer", "audiences", "jwks", "caFile", "tokenFile", "grants");
    var audiences = texts(fields, "audiences");
    if (audiences.isEmpty()) {
      throw new IllegalArgumentException(
          "serviceAccounts.audiences is missing: a token for anybody would be a token for"
              + " everybody");
    }
    var jwks = fields.text("jwks");
    if (jwks.contains("://") && !jwks.startsWith("https://")) {
      throw new IllegalArgumentException("serviceAccounts.jwks is neither an https URL nor a path");
    }
    var grants = new ArrayList<ServiceAccountGrant>();
    for (var object : fields.objects("grants")) {
      object.knowOnly("namespace", "name", "repositories", "actions");
      grants.add(
          new ServiceAccountGrant(
              matching(object, "namespace", NAMESPACE),
              matching(object, "name", ACCOUNT),
              grant(object)));
    }
    return new ServiceAccountRules(
        fields.text("issuer"),
        audiences,
        jwks,
        path(fields, "caFile"),
        path(fields, "tokenFile"),
        grants);
  }

  private static Grant grant(JsonFields object) {
    var patterns = texts(object, "repositories").stream().map(RepositoryPattern::parse).toList();
    if (patterns.isEmpty()) {
      throw new IllegalArgumentException("a grant has no repositories");
    }
    var actions = EnumSet.noneOf(Action.class);
    for (var label : texts(object, "actions")) {
      actions.add(action(label));
    }
    if (actions.isEmpty()) {
      if (object.has("actions")) {
        throw new IllegalArgumentException("a grant has no actions");
      }
      actions.add(Action.PULL);
    }
    return new Grant(patterns, actions);
  }

  private static Action action(String label) {
    return Arrays.stream(Action.values())
        .filter(action -> action.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\"%s\" is not an action: Pull, Push, Delete or Pin".formatted(label)));
  }

  private static Set<String> texts(JsonFields fields, String name) {
    var texts = new LinkedHashSet<String>();
    for (var element : fields.elements(name)) {
      if (!element.isTextual() || element.textValue().isEmpty()) {
        throw new IllegalArgumentException("%s has an entry that is not a text".formatted(name));
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  private static String matching(JsonFields fields, String name, Pattern pattern) {
    var text = fields.text(name);
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" cannot be the %s of a service account".formatted(text, name));
    }
    return text;
  }

  private static @Nullable Path path(JsonFields fields, String name) {
    var text = fields.optionalText(name);
    return text == null ? null : Path.of(text);
  }
}
