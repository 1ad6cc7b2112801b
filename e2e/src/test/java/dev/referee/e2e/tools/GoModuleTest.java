package dev.referee.e2e.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoModuleTest {
  @TempDir Path folder;

  @Test
  void keepsItsKeyWhileThePinsStay() throws IOException {
    assertThat(key("module m\n", "sums", "-s")).isEqualTo(key("module m\n", "sums", "-s"));
  }

  @Test
  void changesItsKeyWithEveryPinAndFlag() throws IOException {
    assertThat(
            new String[] {
              key("module m\n", "sums", "-s"),
              key("module n\n", "sums", "-s"),
              key("module m\n", "other", "-s"),
              key("module m\n", "sums", "-s -w"),
              // The same bytes, split elsewhere.
              key("module m\ns", "ums", "-s")
            })
        .doesNotHaveDuplicates();
  }

  @Test
  void saysWhichModuleHasNoPins() {
    assertThatThrownBy(() -> new GoModule("crane", folder, "").key())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot read the pins of Go module crane");
  }

  private String key(String mod, String sum, String linkerFlags) throws IOException {
    Files.writeString(folder.resolve("go.mod"), mod);
    Files.writeString(folder.resolve("go.sum"), sum);
    return new GoModule("m", folder, linkerFlags).key();
  }
}
