package dev.referee.verify.decision;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/// A tree of lines, drawn with branches.
public final class TextTree {
  private final String text;
  private final List<TextTree> children = new ArrayList<>();

  public TextTree(String text) {
    this.text = requireNonNull(text, "text is null");
  }

  /// Adds a line below this one.
  public TextTree add(String line) {
    var child = new TextTree(line);
    children.add(child);
    return child;
  }

  @Override
  public String toString() {
    var drawing = new StringBuilder(text).append('\n');
    draw(drawing, "");
    return drawing.toString();
  }

  private void draw(StringBuilder drawing, String indent) {
    for (int i = 0; i < children.size(); i++) {
      boolean last = i == children.size() - 1;
      var child = children.get(i);
      drawing.append(indent).append(last ? "└─ " : "├─ ").append(child.text).append('\n');
      child.draw(drawing, indent + (last ? "   " : "│  "));
    }
  }
}
