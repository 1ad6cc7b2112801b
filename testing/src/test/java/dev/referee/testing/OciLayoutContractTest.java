package dev.referee.testing;

import dev.referee.oci.ArtifactSink;
import dev.referee.oci.ArtifactSource;
import dev.referee.oci.SourceException;
import dev.referee.oci.layout.OciLayout;
import dev.referee.oci.layout.OciLayoutWriter;
import dev.referee.testing.contract.ArtifactSourceContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// Stands here because `oci` cannot see the suite.
class OciLayoutContractTest extends ArtifactSourceContract {
  @TempDir private Path folder;

  @Override
  protected ArtifactSink sink() throws SourceException {
    return OciLayoutWriter.open(folder);
  }

  @Override
  protected ArtifactSource source() throws SourceException {
    return OciLayout.open(folder);
  }
}
