package dev.referee.oci;

import static java.util.Objects.requireNonNull;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// What registries and users write: for any bytes a value, or a refusal with a reason.
class ContentFuzz {
  @FuzzTest(maxDuration = "2m")
  void manifest(byte[] content) {
    try {
      Manifest.parse(content, null);
    } catch (MalformedContentException e) {
      requireNonNull(e.reason(), "a refusal has a reason");
    }
  }

  @FuzzTest(maxDuration = "2m")
  void reference(FuzzedDataProvider data) {
    var text = data.consumeRemainingAsString();
    try {
      var reference = Reference.parse(text);
      // What it is called again must be the same thing.
      if (!Reference.parse(reference.toString()).equals(reference)) {
        throw new AssertionError(text + " is not what it says it is: " + reference);
      }
    } catch (MalformedContentException e) {
      requireNonNull(e.reason(), "a refusal has a reason");
    }
  }
}
