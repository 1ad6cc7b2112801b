package dev.referee.webhook;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.referee.api.v1alpha1.RefereeConfigurationSpec;

/// Reviews hold objects that any user of the cluster may write.
class ReviewFuzz {
  @FuzzTest(maxDuration = "2m")
  void review(byte[] body) {
    try {
      new ObjectImages(RefereeConfigurationSpec.DEFAULT).brought(ReviewCodec.read(body));
    } catch (MalformedReviewException | UnreadableObjectException e) {
      // What they are for: a denial in words.
      if (e.getMessage() == null) {
        throw new AssertionError("a denial without a sentence", e);
      }
    }
  }
}
