package dev.referee.deploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileTreeTest {
  @Test
  void addsTheFoldersOfAFileBeforeIt() {
    var tree = new FileTree().text("z/y/file", "").text("a", "");

    assertThat(tree.entries().keySet()).containsExactly("a", "z", "z/y", "z/y/file");
    assertThat(tree.entries().get("z")).isEqualTo(new FileTree.Entry.Folder(0755));
  }

  @Test
  void keepsAFoldersModeWhenAFileIsAddedToIt() {
    var tree = new FileTree().folder("tmp", 01777).text("tmp/file", "");

    assertThat(tree.entries()).containsEntry("tmp", new FileTree.Entry.Folder(01777));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/etc", "etc/"})
  void refusesAPathThatIsNone(String path) {
    assertThatThrownBy(() -> new FileTree().text(path, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
