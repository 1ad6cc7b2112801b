package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.registry.copy.CopyException;
import dev.referee.registry.copy.CopyProgress;
import java.io.PrintWriter;
import java.util.Locale;

/// Tells the person at the terminal what an import does, one line a fact.
final class ImportProgress implements CopyProgress {
  /// A line now and then shows that a large layer moves.
  private static final long LINE_EVERY = 64 << 20;

  private final PrintWriter err;
  private final boolean quiet;

  /// @param quiet whether only what was left out is told
  ImportProgress(PrintWriter err, boolean quiet) {
    this.err = requireNonNull(err, "err is null");
    this.quiet = quiet;
  }

  @Override
  public void copied(Digest manifest, String artifactType) {
    say("  manifest %s  %s".formatted(manifest, printable(artifactType)));
  }

  @Override
  public void found(Digest manifest) {
    say("  manifest %s  is there".formatted(manifest));
  }

  @Override
  public void copied(Descriptor blob) {
    say("  blob     %s  %s".formatted(blob.digest(), size(blob.size())));
  }

  @Override
  public void reading(Descriptor blob, long bytes) {
    // The chunks are smaller than the distance between two lines.
    if (bytes / LINE_EVERY > (bytes - 1) / LINE_EVERY && bytes < blob.size()) {
      say("  blob     %s  %s of %s".formatted(blob.digest(), size(bytes), size(blob.size())));
    }
  }

  @Override
  public void absent(Digest child) {
    say("  absent   %s  named, and not at the source".formatted(child));
  }

  @Override
  public void leftOut(Digest referrer, CopyException why) {
    err.println(
        "referee: left out %s (%s): %s"
            .formatted(referrer, why.reason(), printable(String.valueOf(why.getMessage()))));
  }

  @Override
  public void tagged(String tag, Digest manifest) {
    say("  tag      %s  %s".formatted(tag, manifest));
  }

  private void say(String line) {
    if (!quiet) {
      err.println(line);
    }
  }

  /// `12.3 MiB`
  static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double rest = bytes;
    int unit = -1;
    while (rest >= 1024 && unit < 3) {
      rest /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %siB", rest, "KMGT".charAt(unit));
  }

  /// What strangers wrote ends up on a terminal.
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}
