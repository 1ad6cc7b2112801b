package dev.referee.registry.mirror;

import dev.referee.oci.Digest;
import dev.referee.registry.content.RepositoryName;
import java.io.IOException;

/// Brings what somebody is about to read, who may read it. When it returns, what is here is what
/// there is.
///
/// Each method refuses with `UNAVAILABLE` when it cannot be found out whether there is more than
/// what is here, and nothing is.
public interface Supply {
  /// Nothing is ever brought.
  Supply NONE =
      new Supply() {
        @Override
        public void manifest(RepositoryName repository, String tag) {}

        @Override
        public void manifest(RepositoryName repository, Digest digest) {}

        @Override
        public void blob(RepositoryName repository, Digest digest) {}

        @Override
        public void referrers(RepositoryName repository, Digest subject) {}
      };

  void manifest(RepositoryName repository, String tag) throws IOException;

  void manifest(RepositoryName repository, Digest digest) throws IOException;

  void blob(RepositoryName repository, Digest digest) throws IOException;

  void referrers(RepositoryName repository, Digest subject) throws IOException;
}
