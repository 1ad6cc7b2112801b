package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.tools.Output;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.testing.tls.CertificateAuthority;
import dev.referee.testing.tls.IssuedCertificate;
import dev.referee.testing.tls.Pem;
import dev.referee.verify.pki.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The real notation with keys, trust stores and a trust policy in the folder of its settings.
final class NotationClient {
  private static final String SIGNATURE = "application/vnd.cncf.notary.signature";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Clients clients;
  private final Path settings;
  private final List<String> keys = new ArrayList<>();

  NotationClient(Clients clients) {
    this.clients = requireNonNull(clients, "clients is null");
    settings = clients.home().resolve(".config/notation");
  }

  /// Adds a key that signs with a chain.
  ///
  /// @param issuers whoever issued the signer's certificate, then their issuers
  void key(String name, IssuedCertificate signer, CertificateAuthority... issuers) {
    var chain = new StringBuilder(signer.certificatePem());
    for (var issuer : issuers) {
      chain.append(issuer.certificatePem());
    }
    key(name, signer.keyPem(), chain.toString());
  }

  /// Adds a key that signs with the whole chain above it.
  void key(String name, Issued signer) {
    key(name, Pem.of(signer.keys().getPrivate()), chain(signer));
  }

  private static String chain(Issued signer) {
    return signer.chain().stream().map(Pem::of).collect(Collectors.joining());
  }

  private void key(String name, String keyPem, String chainPem) {
    keys.add(
        "{\"name\": \"%s\", \"keyPath\": \"%s\", \"certPath\": \"%s\"}"
            .formatted(
                name,
                write("localkeys/" + name + ".key", keyPem),
                write("localkeys/" + name + ".crt", chainPem)));
    write("signingkeys.json", "{\"keys\": [%s]}".formatted(String.join(", ", keys)));
  }

  /// Adds a trust store.
  ///
  /// @param kind `ca`, `signingAuthority` or `tsa`
  void store(String kind, String name, String certificatePem) {
    write("truststore/x509/%s/%s/certificate.pem".formatted(kind, name), certificatePem);
  }

  /// Signs an image.
  ///
  /// @param format `jws` or `cose`
  /// @param reference by digest
  void sign(String key, String format, String reference, String... more) {
    var arguments =
        new ArrayList<>(
            List.of("sign", "--insecure-registry", "--key", key, "--signature-format", format));
    arguments.addAll(List.of(more));
    arguments.add(reference);
    clients.notation().succeed(arguments.toArray(String[]::new));
  }

  /// Verifies an image by a trust policy.
  ///
  /// @param reference by digest
  Output verify(String reference, NotationPolicy policy) {
    write("trustpolicy.json", policy.document());
    return clients.notation().run("verify", "--insecure-registry", reference);
  }

  /// What a signature of an image has to be about.
  ///
  /// @param reference by digest
  Descriptor descriptor(String reference) {
    var json = json("manifest", "fetch", "--descriptor", reference);
    return new Descriptor(
        MediaType.of(json.path("mediaType").asText()),
        Digest.parse(json.path("digest").asText()),
        json.path("size").asLong());
  }

  /// Makes an envelope refer to an image.
  ///
  /// @param type of the envelope
  /// @param reference by digest
  void attach(byte[] envelope, MediaType type, String reference) {
    try {
      Files.write(clients.home().resolve("envelope"), envelope);
    } catch (IOException e) {
      throw new UncheckedIOException("an envelope cannot be written", e);
    }
    clients
        .oras()
        .succeed(
            "attach",
            "--plain-http",
            "--no-tty",
            "--artifact-type",
            SIGNATURE,
            reference,
            "envelope:" + type);
  }

  /// Makes the signature of one image refer to another, as whoever may push can.
  ///
  /// @param from by digest; it has one signature
  /// @param to by digest, in another repository
  void copySignature(String from, String to) {
    var signature =
        json("discover", "--format", "json", "--artifact-type", SIGNATURE, from)
            .at("/referrers/0/reference")
            .asText();
    var repository = to.substring(0, to.indexOf('@'));
    clients
        .oras()
        .succeed("copy", "--no-tty", "--from-plain-http", "--to-plain-http", signature, repository);
    var manifest = (ObjectNode) json("manifest", "fetch", signature);
    manifest.set("subject", json("manifest", "fetch", "--descriptor", to));
    var file = write("copied.json", manifest.toString());
    clients
        .oras()
        .succeed(
            "manifest",
            "push",
            "--plain-http",
            "--media-type",
            manifest.path("mediaType").asText(),
            repository,
            file.toString());
  }

  private JsonNode json(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add(all.size() - 1, "--plain-http");
    var output = clients.oras().succeed(all.toArray(String[]::new)).stdout();
    try {
      return JSON.readTree(output);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("oras wrote no JSON: " + output, e);
    }
  }

  private Path write(String name, String content) {
    var file = settings.resolve(name);
    try {
      Files.createDirectories(requireNonNull(file.getParent(), "it is within the settings"));
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be written", e);
    }
  }
}
