package dev.referee.client;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.referee.oci.MalformedContentException;
import java.net.URI;

/// Headers of answers, which are whatever a registry sends.
class AnswerFuzz {
  private static final URI PAGE = URI.create("https://registry.example.com/v2/app/referrers/x");

  @FuzzTest(maxDuration = "2m")
  void challenge(FuzzedDataProvider data) {
    Challenge.parse(data.consumeRemainingAsString());
  }

  @FuzzTest(maxDuration = "2m")
  void location(FuzzedDataProvider data) {
    try {
      UriReference.resolve(PAGE, data.consumeRemainingAsString());
    } catch (IllegalArgumentException e) {
      // What it says it throws.
      if (e.getMessage() == null) {
        throw new AssertionError("a refusal without a sentence", e);
      }
    }
  }

  @FuzzTest(maxDuration = "2m")
  void dockerConfig(byte[] content) {
    try {
      DockerConfig.parse(content);
    } catch (MalformedContentException e) {
      if (e.getMessage() == null) {
        throw new AssertionError("a refusal without a sentence", e);
      }
    }
  }
}
