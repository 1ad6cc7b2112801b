package dev.referee.gate;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// A file of policies: for any bytes resources that compile, or one sentence.
class PolicyFuzz {
  @TempDir private Path folder;

  @FuzzTest(maxDuration = "2m")
  void file(byte[] content) throws IOException {
    var file = Files.write(folder.resolve("policy.yaml"), content);
    try {
      PolicyFiles.read(List.of(file)).compile();
    } catch (PolicyFileException e) {
      if (e.getMessage() == null) {
        throw new AssertionError("a refusal without a sentence", e);
      }
    }
  }
}
