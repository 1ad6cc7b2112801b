package dev.referee.e2e.chain;

/// Where Referee denies what cosign accepts: each is a row of the table in `verify/README.md`.
enum Stricter {
  ATTESTATION("an attestation and no signature"),
  ANCHOR("a pattern that matches a part of the subject"),
  TIMESTAMP("an older signature without the timestamp that is asked for");

  private final String row;

  Stricter(String row) {
    this.row = row;
  }

  /// How the table's row begins.
  String row() {
    return row;
  }
}
