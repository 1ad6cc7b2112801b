package dev.referee.verify.sigstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.oci.json.StrictJson;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sigstore.Conformance.Case;
import dev.referee.verify.trust.TrustRootReader;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import dev.referee.verify.trust.UnusableTrustRootException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Documents of real signatures with something missing, or of another type: refused by the declared
/// exception, or proven with no more than before.
// Of a compiled record NullAway does not see that an array may be null.
@SuppressWarnings("NullAway")
class ConformanceStructureTest {
  @BeforeEach
  void findSuite() {
    assumeTrue(
        Conformance.folder().isPresent(), "SKIPPED: the sigstore-conformance suite is not there");
  }

  static List<Case> accepted() {
    return ConformanceTest.accepted();
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void provesNoMoreOfABundleThatLacksSomething(Case example)
      throws UnprovenException, UnusableKeyException {
    var original = example.verify(example.bundle(), false);
    var refused = new AtomicInteger();

    StructureSweep.over(
        StrictJson.read(example.bundle(), Conformance.MAX_BYTES),
        (change, bundle) -> {
          try {
            var verified = example.verify(bundle.getBytes(UTF_8), false);

            assertThat(verified.claims()).as(change).isEqualTo(original.claims());
            assertThat(original.times()).as(change).containsAll(verified.times());
            assertThat(verified.statement()).as(change).isEqualTo(original.statement());
          } catch (UnprovenException e) {
            refused.incrementAndGet();
          } catch (UnusableKeyException e) {
            throw new AssertionError("the case's key is one", e);
          }
        });

    assertThat(refused.get()).isGreaterThan(100);
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void believesNobodyMoreByATrustRootThatLacksSomething(Case example)
      throws UnprovenException, UnusableKeyException {
    var original = example.verify(example.bundle(), false);
    var refused = new AtomicInteger();

    StructureSweep.over(
        StrictJson.read(example.trustRoot(), Conformance.MAX_BYTES),
        (change, trustRoot) -> {
          try {
            var root = TrustRootReader.read(trustRoot.getBytes(UTF_8)).getFirst();

            var verified = example.verify(root);

            assertThat(verified.claims()).as(change).isEqualTo(original.claims());
            assertThat(original.times()).as(change).containsAll(verified.times());
          } catch (UnprovenException | UnusableTrustRootException e) {
            refused.incrementAndGet();
          } catch (UnusableKeyException e) {
            throw new AssertionError("the case's key is one", e);
          }
        });

    assertThat(refused.get()).isGreaterThan(50);
  }

  /// The log's proofs come first in a verification; here the entry is looked at alone.
  @ParameterizedTest
  @MethodSource("accepted")
  void takesNoEntryThatSaysSomethingElse(Case example)
      throws UnprovenException, GeneralSecurityException, UnusableKeyException {
    var bundle = BundleReader.read(example.bundle(), Conformance.MAX_BYTES);
    var signed = signed(bundle, example);

    for (var entry : bundle.entries()) {
      EntryBody.checkAbout(entry, signed);
      assertThatThrownBy(() -> EntryBody.checkAbout(entry, otherSignature(signed)))
          .isInstanceOf(UnprovenException.class);
      StructureSweep.over(
          StrictJson.read(entry.body(), Conformance.MAX_BYTES),
          (change, body) -> {
            try {
              EntryBody.checkAbout(with(entry, body), signed);
              // What Rekor adds beside what is compared.
              assertThat(change)
                  .containsAnyOf(
                      "envelopeHash",
                      ".content.hash",
                      "keyDetails",
                      "keyid",
                      "envelope.payload removed",
                      "envelope.payload became");
            } catch (UnprovenException e) {
              assertThat(e.sentence()).as(change).isNotEmpty();
            }
          });
    }
  }

  private static LogEntry with(LogEntry entry, String body) {
    return new LogEntry(
        entry.logIndex(),
        entry.logId(),
        entry.kind(),
        entry.version(),
        entry.integratedTime(),
        entry.promise(),
        entry.proof(),
        body.getBytes(UTF_8));
  }

  private static Signed otherSignature(Signed signed) {
    return new Signed(new byte[] {1}, signed.certificate(), signed.key(), signed.content());
  }

  private static Signed signed(Bundle bundle, Case example)
      throws GeneralSecurityException, UnusableKeyException {
    var content =
        switch (bundle.content()) {
          case Bundle.Content.Message _ ->
              new Signed.SignedContent.Message(new Artifact.Content(example.artifact()));
          case Bundle.Content.Envelope(var envelope) ->
              new Signed.SignedContent.Envelope(
                  envelope.payload(), envelope.payloadType(), envelope.preAuthenticationEncoding());
        };
    return switch (bundle.material()) {
      case Bundle.Material.Key _ ->
          new Signed(bundle.content().signature(), null, example.key().encoded(), content);
      case Bundle.Material.Certificate(var leaf, var _) ->
          new Signed(
              bundle.content().signature(),
              leaf.getEncoded(),
              TrustedKey.of(
                      SubjectPublicKeyInfo.getInstance(leaf.getPublicKey().getEncoded()), null)
                  .encoded(),
              content);
    };
  }
}
