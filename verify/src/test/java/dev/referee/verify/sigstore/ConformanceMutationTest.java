package dev.referee.verify.sigstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.referee.oci.json.StrictJson;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sigstore.Conformance.Case;
import dev.referee.verify.trust.UnusableKeyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One bit changed in any value of a bundle that verifies: refused, or, in the few places that
/// nobody signs because they prove nothing, without any effect on what is proven.
class ConformanceMutationTest {
  /// How many places of each value are changed: its ends, and some between.
  private static final int PLACES = 10;

  /// What no signature covers: the version of the form, a hint at a key, certificates that may lead
  /// to an authority and are not needed for it, the frame of a timestamp around its signed content,
  /// witnesses under a checkpoint, and the global index in Rekor v2, which signs nothing but its
  /// tree.
  private static final List<String> UNSIGNED =
      List.of("mediaType", "hint", "keyid", "rawBytes", "signedTimestamp", "envelope", "logIndex");

  @BeforeEach
  void findSuite() {
    assumeTrue(
        Conformance.folder().isPresent(), "SKIPPED: the sigstore-conformance suite is not there");
  }

  static List<Case> accepted() {
    return ConformanceTest.accepted();
  }

  private record Value(String field, String text, Consumer<String> replace) {}

  @ParameterizedTest
  @MethodSource("accepted")
  void refusesEveryChangedValue(Case example) throws UnprovenException, UnusableKeyException {
    var original = example.verify(example.bundle(), false);
    var tree = StrictJson.read(example.bundle(), Conformance.MAX_BYTES);
    int refused = 0;

    for (var value : values(tree)) {
      for (var changed : changes(value.text())) {
        value.replace().accept(changed);
        try {
          var verified = example.verify(tree.toString().getBytes(UTF_8), false);

          assertThat(UNSIGNED)
              .as("%s became %s and still verifies", value.field(), changed)
              .contains(value.field());
          assertThat(verified).usingRecursiveComparison().isEqualTo(original);
        } catch (UnprovenException e) {
          refused++;
        }
      }
      value.replace().accept(value.text());
    }

    assertThat(refused).isGreaterThan(100);
    // The way there is sound: the tree as it was verifies.
    assertThat(example.verify(tree.toString().getBytes(UTF_8), false))
        .usingRecursiveComparison()
        .isEqualTo(original);
  }

  private static List<String> changes(String text) {
    try {
      var bytes = Base64.getMimeDecoder().decode(text);
      if (bytes.length > 16 && text.indexOf(' ') < 0 && text.indexOf('/') != 0) {
        return places(bytes.length).map(at -> Base64.getEncoder().encodeToString(flip(bytes, at)));
      }
    } catch (IllegalArgumentException e) {
      // Not base64, changed as text.
    }
    var bytes = text.getBytes(UTF_8);
    return bytes.length == 0
        ? List.of("x")
        : places(bytes.length).map(at -> new String(flip(bytes, at), UTF_8));
  }

  private record Places(int length) {
    List<String> map(IntFunction<String> change) {
      return IntStream.range(0, PLACES)
          .map(i -> (int) ((long) i * (length - 1) / (PLACES - 1)))
          .distinct()
          .mapToObj(change)
          .toList();
    }
  }

  private static Places places(int length) {
    return new Places(length);
  }

  private static byte[] flip(byte[] bytes, int at) {
    var changed = Arrays.copyOf(bytes, bytes.length);
    changed[at] ^= 1;
    return changed;
  }

  /// Every string of the tree, with the way to replace it.
  private static List<Value> values(JsonNode node) {
    var values = new ArrayList<Value>();
    switch (node) {
      case ObjectNode object ->
          object
              .properties()
              .forEach(
                  entry -> {
                    if (entry.getValue().isTextual()) {
                      values.add(
                          new Value(
                              entry.getKey(),
                              entry.getValue().textValue(),
                              text -> object.set(entry.getKey(), TextNode.valueOf(text))));
                    } else {
                      values.addAll(values(entry.getValue()));
                    }
                  });
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          int at = i;
          if (array.get(i).isTextual()) {
            values.add(
                new Value(
                    "element",
                    array.get(i).textValue(),
                    text -> array.set(at, TextNode.valueOf(text))));
          } else {
            values.addAll(values(array.get(i)));
          }
        }
      }
      default -> {
        // Numbers and booleans: bundles have none that are read.
      }
    }
    return values;
  }
}
