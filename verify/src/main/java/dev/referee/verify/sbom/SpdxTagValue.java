package dev.referee.verify.sbom;

import dev.referee.api.v1alpha1.SbomFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// SPDX 2 in its tag-value form (SPDX 2.3, clause 4.2): `cosign attest --type spdx` carries it as a
/// string.
final class SpdxTagValue {
  private static final Pattern VERSION =
      Pattern.compile("^SPDXVersion:\\s{0,20}SPDX-(2\\.[0-9]{1,2})\\s*$", Pattern.MULTILINE);
  private static final Pattern DOCUMENT =
      Pattern.compile("^SPDXID:\\s{0,20}SPDXRef-DOCUMENT\\s*$", Pattern.MULTILINE);

  private SpdxTagValue() {}

  static Optional<SbomDocument> read(String text) {
    var version = VERSION.matcher(text);
    if (!version.find() || !DOCUMENT.matcher(text).find()) {
      return Optional.empty();
    }
    long packages = text.lines().filter(line -> line.startsWith("PackageName:")).count();
    return Optional.of(new SbomDocument(SbomFormat.SPDX, version.group(1), packages));
  }
}
