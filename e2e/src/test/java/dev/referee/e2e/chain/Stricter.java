package dev.referee.e2e.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.tools.ModuleFolder;
import java.io.IOException;
import java.nio.file.Files;

/// Where Referee denies what cosign accepts: each is a row of the table in `verify/README.md`.
enum Stricter {
  ATTESTATION("an attestation and no signature"),
  ANCHOR("a pattern that matches a part of the subject"),
  TIMESTAMP("an older signature without the timestamp that is asked for"),
  REKOR_2(
      "parts of a Rekor v2 entry that cosign rebuilds (`canonicalizedBody`, `kindVersion`;"
          + " `rootHash`, `treeSize` and `logIndex` of the proof)"),
  ISSUER("a certificate without issuer, and a pattern for issuers");

  private final String row;

  Stricter(String row) {
    this.row = row;
  }

  /// Insists that the table has the row.
  void assertInTable() throws IOException {
    assertThat(Files.readString(ModuleFolder.path().resolve("../verify/README.md")))
        .contains("| " + row + " |");
  }
}
