package dev.referee.e2e.sigstore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.Output;
import dev.referee.oci.Digest;
import dev.referee.testing.Statements;
import dev.referee.testing.sigstore.SeededKey;
import dev.referee.testing.sigstore.Signing;
import dev.referee.testing.sigstore.VirtualSigstore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What our verifier's tests are made with, before the real cosign: it takes what is right, so that
/// we do not test against a Sigstore of our own invention, and refuses what is wrong, so that each
/// forgery is one. Only where cosign is known to look away does it not have to.
@WithClients
class VirtualSigstoreE2E {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-27T12:00:00Z"), ZoneOffset.UTC);
  private static final byte[] ARTIFACT = "app".getBytes(US_ASCII);
  private static final byte[] STATEMENT =
      Statements.bytes(Statements.signature(Digest.of(ARTIFACT)));

  @TempDir Path folder;

  /// How something is signed.
  interface Form extends Function<VirtualSigstore, Signing> {}

  private static Arguments form(String name, Form form) {
    return arguments(name, form);
  }

  static Stream<Arguments> right() {
    var forms = new ArrayList<Arguments>();
    for (var version : List.of(Signing.V0_1, Signing.V0_2, Signing.V0_3)) {
      forms.add(form("message, " + version, s -> s.message(ARTIFACT).version(version)));
      forms.add(form("dsse, " + version, s -> s.statement(STATEMENT).version(version)));
      forms.add(
          form("intoto, " + version, s -> s.statement(STATEMENT).version(version).inTotoEntries()));
    }
    forms.add(form("message, Rekor v2", s -> inRekor2(s, s.message(ARTIFACT))));
    forms.add(form("statement, Rekor v2", s -> inRekor2(s, s.statement(STATEMENT))));
    forms.add(
        form(
            "witnessed",
            s ->
                s.message(ARTIFACT)
                    .entry(
                        s.rekor2(),
                        e ->
                            e.checkpoint(
                                c -> c.witness("witness.test", s.newKey(SeededKey.Kind.ED25519))))
                    .timestamp(_ -> {})));
    forms.add(
        form(
            "static log of certificates",
            s ->
                s.message(ARTIFACT)
                    .certificateTimestamp(t -> t.extensions(new byte[] {0, 0, 5, 0, 0, 0, 0, 7}))));
    forms.add(
        form(
            "claims of a workflow",
            s ->
                s.message(ARTIFACT)
                    .certificate(
                        c -> c.bareClaim(2, "push").claim(12, "https://github.com/acme/app"))));
    return forms.stream();
  }

  private static Signing inRekor2(VirtualSigstore sigstore, Signing signing) {
    return signing.entry(sigstore.rekor2(), _ -> {}).timestamp(_ -> {});
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("right")
  void cosignTakesWhatIsRight(String name, Form form, Clients clients) throws IOException {
    var sigstore = VirtualSigstore.create(1, NOON);

    var output = verify(clients, sigstore, form.apply(sigstore));

    assertThat(output.succeeded()).as("%s: %s", name, output.stderr()).isTrue();
    assertThat(output.stderr()).contains("Verified OK");
  }

  static Stream<Arguments> rightByKey() {
    return Stream.of(
        form("message, Rekor v1", s -> s.message(ARTIFACT)),
        form("statement, Rekor v1", s -> s.statement(STATEMENT)),
        form("message, Rekor v2", s -> inRekor2(s, s.message(ARTIFACT))),
        form("statement, Rekor v2", s -> inRekor2(s, s.statement(STATEMENT))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rightByKey")
  void cosignTakesWhatAKeySigned(String name, Form form, Clients clients) throws IOException {
    var sigstore = VirtualSigstore.create(2, NOON);
    var key = sigstore.newKey(SeededKey.Kind.P256);
    var pem = Files.writeString(folder.resolve("key.pub"), key.publicKeyPem());

    var output =
        run(
            clients,
            sigstore,
            form.apply(sigstore).key(key).withKeyAlone(),
            List.of("--key", pem.toString()));

    assertThat(output.succeeded()).as("%s: %s", name, output.stderr()).isTrue();
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        form("N38 subject", s -> s.message(ARTIFACT).certificate(c -> c.withoutNames().uri("a:b"))),
        form(
            "N39 issuer",
            s -> s.message(ARTIFACT).certificate(c -> c.claim(8, "https://evil.test"))),
        form("N43 self-signed", s -> s.message(ARTIFACT).issuedBy(s.newKey(SeededKey.Kind.P256))),
        form(
            "N48 another entry",
            s ->
                s.message(ARTIFACT)
                    .entry(
                        s.rekor1(),
                        e ->
                            e.body(
                                b ->
                                    ((ObjectNode) b.at("/spec/data/hash"))
                                        .put("value", "0".repeat(64))))),
        form(
            "N49 promise",
            s ->
                s.message(ARTIFACT)
                    .entry(s.rekor1(), e -> e.promisedBy(s.newKey(SeededKey.Kind.P256)))),
        form(
            "N50 time",
            s ->
                s.message(ARTIFACT)
                    .entry(s.rekor1(), e -> e.at(s.now().plus(Duration.ofHours(1))))),
        form("N51 no time", s -> s.message(ARTIFACT).entry(s.rekor2(), _ -> {})),
        form(
            "N53 another signature stamped",
            s -> s.message(ARTIFACT).entry(s.rekor2(), _ -> {}).timestamp(t -> t.of(ARTIFACT))),
        form(
            "N56 stamped before",
            s ->
                s.message(ARTIFACT)
                    .entry(s.rekor2(), _ -> {})
                    .timestamp(t -> t.at(s.now().minus(Duration.ofDays(9))))),
        form(
            "N58 root",
            s ->
                s.message(ARTIFACT)
                    .entry(s.rekor1(), e -> e.checkpoint(c -> c.root(new byte[32])))),
        form(
            "N58 key",
            s ->
                s.message(ARTIFACT)
                    .entry(
                        s.rekor1(),
                        e -> e.checkpoint(c -> c.signedBy(s.newKey(SeededKey.Kind.P256))))),
        form("N60 no promise", s -> s.message(ARTIFACT).withoutCertificateTimestamp()),
        form(
            "N60 promise by another key",
            s ->
                s.message(ARTIFACT)
                    .certificateTimestamp(t -> t.signedBy(s.newKey(SeededKey.Kind.P256)))),
        form(
            "N60 promise for another certificate",
            s -> s.message(ARTIFACT).certificateTimestamp(t -> t.certificate(new byte[9]))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void cosignRefusesWhatIsWrong(String name, Form form, Clients clients) throws IOException {
    var sigstore = VirtualSigstore.create(3, NOON);

    var output = verify(clients, sigstore, form.apply(sigstore));

    assertThat(output.succeeded()).as("%s: %s", name, output.stderr()).isFalse();
  }

  /// A member that is not known, whatever it would have been under another name, and wherever: a
  /// bundle with one is none, for cosign as for us (`BundleMembersTest`).
  @ParameterizedTest
  @CsvSource({
    "message, '', mediaType",
    "message, /verificationMaterial, timestampVerificationData",
    "message, /verificationMaterial/certificate, rawBytes",
    "message, /verificationMaterial/timestampVerificationData, rfc3161Timestamps",
    "message, /verificationMaterial/timestampVerificationData/rfc3161Timestamps/0, signedTimestamp",
    "message, /verificationMaterial/tlogEntries/0, inclusionPromise",
    "message, /verificationMaterial/tlogEntries/0/inclusionPromise, signedEntryTimestamp",
    "message, /verificationMaterial/tlogEntries/0/inclusionProof, logIndex",
    "message, /verificationMaterial/tlogEntries/0/inclusionProof/checkpoint, envelope",
    "message, /verificationMaterial/tlogEntries/0/logId, keyId",
    "message, /verificationMaterial/tlogEntries/0/kindVersion, version",
    "message, /messageSignature, messageDigest",
    "message, /messageSignature/messageDigest, algorithm",
    "statement, /dsseEnvelope, payloadType",
    "statement, /dsseEnvelope/signatures/0, sig",
  })
  void cosignRefusesMembersThatItDoesNotKnow(
      String form, String pointer, String member, Clients clients) throws IOException {
    var sigstore = VirtualSigstore.create(4, NOON);
    for (boolean renamed : List.of(true, false)) {
      var signing =
          form.equals("message") ? sigstore.message(ARTIFACT) : sigstore.statement(STATEMENT);
      signing
          .timestamp(_ -> {})
          .bundle(
              bundle -> {
                var object = (ObjectNode) bundle.at(pointer);
                object.set(member + "x", object.get(member));
                if (renamed) {
                  object.remove(member);
                }
              });

      var output = verify(clients, sigstore, signing);

      assertThat(output.succeeded()).as(output.stderr()).isFalse();
      // What it says is that it is no bundle; why not, it says here.
      assertThat(
              clients
                  .cosign()
                  .run("bundle", "inspect", folder.resolve("bundle.json").toString())
                  .stderr())
          .contains("unknown field \"" + member + "x\"");
    }
  }

  private Output verify(Clients clients, VirtualSigstore sigstore, Signing signing)
      throws IOException {
    return run(
        clients,
        sigstore,
        signing,
        List.of(
            "--certificate-identity",
            Signing.WORKFLOW,
            "--certificate-oidc-issuer",
            Signing.ISSUER));
  }

  private Output run(
      Clients clients, VirtualSigstore sigstore, Signing signing, List<String> signer)
      throws IOException {
    var artifact = Files.write(folder.resolve("artifact"), ARTIFACT);
    var bundle = Files.write(folder.resolve("bundle.json"), signing.sign());
    var root = Files.write(folder.resolve("trusted_root.json"), sigstore.trustRoot());
    var arguments = new ArrayList<>(List.of("verify-blob", "--bundle", bundle.toString()));
    arguments.addAll(List.of("--trusted-root", root.toString()));
    arguments.addAll(signer);
    arguments.add(artifact.toString());
    return clients.cosign().run(arguments.toArray(String[]::new));
  }
}
