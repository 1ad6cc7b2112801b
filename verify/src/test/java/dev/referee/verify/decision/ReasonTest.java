package dev.referee.verify.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.SourceReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTest {
  /// The line between an open question and an answer is drawn once.
  @ParameterizedTest
  @EnumSource(SourceReason.class)
  void agreesWithTheSourceOnWhatIsTransport(SourceReason reason) {
    assertThat(Reason.of(reason).isTransport()).isEqualTo(reason.isTransport());
  }
}
