package dev.referee.verify.sbom;

import static java.util.Objects.requireNonNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.referee.oci.MalformedContentException;

/// SBOMs are found by their content, so every document of any referrer comes here.
class SbomFuzz {
  private static final int MAX_BYTES = 1 << 20;

  @FuzzTest(maxDuration = "2m")
  void document(byte[] content) {
    try {
      SbomReader.read(content, MAX_BYTES);
    } catch (MalformedContentException e) {
      requireNonNull(e.reason(), "a refusal has a reason");
    }
  }
}
