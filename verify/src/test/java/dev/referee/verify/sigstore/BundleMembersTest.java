package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.sigstore.Virtual.ARTIFACT;
import static dev.referee.verify.sigstore.Virtual.STATEMENT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.testing.sigstore.SeededKey;
import dev.referee.testing.sigstore.Signing;
import dev.referee.verify.signature.SigstoreBundle;
import dev.referee.verify.signature.UnprovenException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A bundle has the members that its specification names and no others, at any depth. That cosign
/// refuses any other as well is for `VirtualSigstoreE2E` to ask.
class BundleMembersTest {
  private static final int MAX_BYTES = 1 << 20;

  static Stream<Arguments> bundles() {
    var sigstore = Virtual.sigstore();
    return Stream.of(
        arguments("message", sigstore.message(ARTIFACT).timestamp(_ -> {}).signed()),
        arguments("envelope", sigstore.statement(STATEMENT).timestamp(_ -> {}).signed()),
        arguments(
            "chain of certificates", sigstore.message(ARTIFACT).version(Signing.V0_1).signed()),
        arguments(
            "key",
            sigstore
                .statement(STATEMENT)
                .entry(sigstore.rekor2(), _ -> {})
                .key(sigstore.newKey(SeededKey.Kind.P256))
                .withKeyAlone()
                .signed()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bundles")
  void refusesMembersThatAreNotKnown(String name, ObjectNode bundle) throws UnprovenException {
    BundleReader.read(bytes(bundle), MAX_BYTES);
    SigstoreBundle.parse(bytes(bundle), MAX_BYTES);
    var objects = objects(bundle);
    assertThat(objects).as(name).hasSizeGreaterThan(5);

    for (var object : objects) {
      for (var unknown : List.of("", "mediatype", "log_index", "inclusionPromisf")) {
        object.putNull(unknown);
        refuses(bundle);
        object.remove(unknown);
      }
    }
    BundleReader.read(bytes(bundle), MAX_BYTES);
  }

  /// What is known in one place is not in another.
  @ParameterizedTest(name = "{0}")
  @MethodSource("bundles")
  void refusesMembersInOtherPlaces(String name, ObjectNode bundle) {
    var material = (ObjectNode) bundle.path("verificationMaterial");
    for (var member : List.of("mediaType", "rawBytes", "inclusionProof", "rfc3161Timestamps")) {
      material.putNull(member);
      refuses(bundle);
      material.remove(member);
    }
    assertThat(objects(bundle)).as(name).contains(material);
  }

  private static void refuses(ObjectNode bundle) {
    for (ThrowingCallable reading :
        List.<ThrowingCallable>of(
            () -> BundleReader.read(bytes(bundle), MAX_BYTES),
            () -> SigstoreBundle.parse(bytes(bundle), MAX_BYTES))) {
      assertThatThrownBy(reading)
          .isInstanceOfSatisfying(
              UnprovenException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(MALFORMED_EVIDENCE);
                assertThat(e.sentence()).contains("is not known");
              });
    }
  }

  private static List<ObjectNode> objects(JsonNode node) {
    var objects = new ArrayList<ObjectNode>();
    if (node instanceof ObjectNode object) {
      objects.add(object);
    }
    node.forEach(child -> objects.addAll(objects(child)));
    return objects;
  }

  private static byte[] bytes(ObjectNode bundle) {
    return bundle.toString().getBytes(UTF_8);
  }
}
