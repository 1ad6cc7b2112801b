package dev.referee.e2e.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.tools.TemporaryFolder;
import dev.referee.testing.tls.CertificateAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// `referee registry` as administrators run it: over TLS by an authority that nobody knows unless
/// told, with a file of users and one of access.
public final class BundledRegistry implements AutoCloseable {
  /// Every client is a user of its own, so that the wrong passwords of one slow down no other.
  private static final List<String> USERS =
      List.of("crane", "oras", "regctl", "skopeo", "cosign", "notation", "helm", "docker");

  private static final String ACCESS =
      """
      {"anonymous": [{"repositories": ["public/**"], "actions": ["Pull"]}]}
      """;

  /// By which the registry of [#startForCertificates] knows who may do everything.
  static final String BUILDER = "spiffe://cluster.local/ns/shop/sa/builder";

  private static final String CERTIFICATES =
      """
      {"anonymous": [{"repositories": ["public/**"], "actions": ["Pull"]}],
       "certificates": [{"uri": "%s", "repositories": ["**"], "actions": ["Pull", "Push"]}]}
      """
          .formatted(BUILDER);

  /// bcrypt's least, since nobody but a test ever knew these passwords.
  private static final int COST = 4;

  private final TemporaryFolder folder;
  private final RefereeProcess process;

  private BundledRegistry(TemporaryFolder folder, RefereeProcess process) {
    this.folder = requireNonNull(folder, "folder is null");
    this.process = requireNonNull(process, "process is null");
  }

  /// Starts a registry with an empty store.
  ///
  /// @param host where it listens and what its certificate is for
  static BundledRegistry start(CertificateAuthority authority, AccessMode mode, String host) {
    var folder = TemporaryFolder.create("referee-e2e-registry");
    var options = options(folder, authority, host);
    switch (mode) {
      case OPEN -> {}
      case CLOSED -> options.addAll(List.of("--htpasswd", write(folder, "htpasswd", users())));
      case PUBLIC -> {
        options.addAll(List.of("--htpasswd", write(folder, "htpasswd", users())));
        options.addAll(List.of("--access", write(folder, "access.json", ACCESS)));
      }
      case TOKENS -> {
        options.addAll(List.of("--htpasswd", write(folder, "htpasswd", users())));
        options.addAll(List.of("--access", write(folder, "access.json", ACCESS)));
        options.addAll(List.of("--token-key", write(folder, "token-key", secret())));
      }
    }
    return start(folder, options);
  }

  /// Starts a registry with an empty store that knows its clients by their certificates: [#BUILDER]
  /// may push and pull, everybody pulls below `public/`.
  ///
  /// @param clients vouches for its clients
  static BundledRegistry startForCertificates(
      CertificateAuthority authority, CertificateAuthority clients, String host) {
    var folder = TemporaryFolder.create("referee-e2e-registry");
    var options = options(folder, authority, host);
    options.addAll(List.of("--client-ca", write(folder, "clients.crt", clients.certificatePem())));
    options.addAll(List.of("--access", write(folder, "access.json", CERTIFICATES)));
    return start(folder, options);
  }

  private static List<String> options(
      TemporaryFolder folder, CertificateAuthority authority, String host) {
    var certificate = authority.server("CN=registry", List.of(host));
    var options = new ArrayList<String>();
    options.addAll(List.of("--root", folder.path().resolve("store").toString()));
    options.addAll(List.of("--listen", host + ":0"));
    options.addAll(List.of("--tls-cert", write(folder, "tls.crt", certificate.certificatePem())));
    options.addAll(List.of("--tls-key", write(folder, "tls.key", certificate.keyPem())));
    return options;
  }

  private static BundledRegistry start(TemporaryFolder folder, List<String> options) {
    try {
      var process =
          RefereeProcess.serve(folder.path(), Map.of(), "registry", options.toArray(String[]::new));
      return new BundledRegistry(folder, process);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /// `HOST:PORT`.
  String host() {
    return process.host();
  }

  static String password(String user) {
    return "password of " + user;
  }

  private static String users() {
    var random = new SecureRandom();
    var lines = new StringBuilder();
    for (var user : USERS) {
      var salt = new byte[16];
      random.nextBytes(salt);
      var hash = OpenBSDBCrypt.generate("2y", password(user).toCharArray(), salt, COST);
      lines.append(user).append(':').append(hash).append('\n');
    }
    return lines.toString();
  }

  private static String secret() {
    var secret = new byte[48];
    new SecureRandom().nextBytes(secret);
    return Base64.getEncoder().encodeToString(secret);
  }

  private static String write(TemporaryFolder folder, String name, String content) {
    try {
      return Files.write(folder.path().resolve(name), content.getBytes(UTF_8)).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be written", e);
    }
  }

  @Override
  public void close() {
    process.close();
    folder.close();
  }
}
