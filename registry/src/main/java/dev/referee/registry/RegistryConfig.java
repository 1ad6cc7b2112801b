package dev.referee.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.access.Access;
import dev.referee.registry.content.SparseManifests;
import dev.referee.registry.content.UploadLimits;
import dev.referee.registry.events.EventSettings;
import dev.referee.registry.mirror.Upstreams;
import dev.referee.server.ListenAddress;
import dev.referee.server.TlsFiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// How a registry runs.
///
/// @param storage where it keeps everything
/// @param listen where it listens
/// @param tls its certificate; without one it speaks plain HTTP
/// @param access who may do what
/// @param tokenRealm where clients reach the service of tokens; null for the host they asked for
/// @param sparse which manifests may name what their repository does not have
/// @param uploadLimits what unfinished uploads may take
/// @param collection when it removes what nothing refers to; null for never
/// @param upstreams which repositories have to do with other registries
/// @param events where it tells what happens; null for nobody
/// @param lameDuck how long it keeps serving once it is asked to stop
/// @param clock the time, for the age of pushes and uploads
public record RegistryConfig(
    RegistryStorage storage,
    ListenAddress listen,
    @Nullable TlsFiles tls,
    Access access,
    @Nullable URI tokenRealm,
    SparseManifests sparse,
    UploadLimits uploadLimits,
    @Nullable CollectionSchedule collection,
    Upstreams upstreams,
    @Nullable EventSettings events,
    Duration lameDuck,
    InstantSource clock) {
  public RegistryConfig {
    requireNonNull(storage, "storage is null");
    requireNonNull(listen, "listen is null");
    requireNonNull(access, "access is null");
    requireNonNull(sparse, "sparse is null");
    requireNonNull(uploadLimits, "uploadLimits is null");
    requireNonNull(upstreams, "upstreams is null");
    requireNonNull(lameDuck, "lameDuck is null");
    requireNonNull(clock, "clock is null");
  }

  /// A configuration with all defaults but the folder of its store and the address.
  public static Builder of(Path root, ListenAddress listen) {
    return of(new RegistryStorage.Folder(root), listen);
  }

  /// A configuration with all defaults but the store and the address.
  public static Builder of(RegistryStorage storage, ListenAddress listen) {
    return new Builder(storage, listen);
  }

  /// Collects what differs from the defaults.
  public static final class Builder {
    private final RegistryStorage storage;
    private final ListenAddress listen;
    private @Nullable TlsFiles tls;
    private Access access = Access.OPEN;
    private @Nullable URI tokenRealm;
    // A mirror keeps the platforms that its nodes run, under the digest that was signed: leaving a
    // child out must not change the index. What is missing shows as a 404 to whoever wants it.
    private SparseManifests sparse = SparseManifests.INDEXES;
    private UploadLimits uploadLimits = UploadLimits.DEFAULT;
    private @Nullable CollectionSchedule collection;
    private Upstreams upstreams = Upstreams.NONE;
    private @Nullable EventSettings events;
    private Duration lameDuck = Duration.ZERO;
    private InstantSource clock = InstantSource.system();

    private Builder(RegistryStorage storage, ListenAddress listen) {
      this.storage = storage;
      this.listen = listen;
    }

    public Builder tls(@Nullable TlsFiles value) {
      tls = value;
      return this;
    }

    public Builder access(Access value) {
      access = value;
      return this;
    }

    public Builder tokenRealm(@Nullable URI value) {
      tokenRealm = value;
      return this;
    }

    public Builder sparse(SparseManifests value) {
      sparse = value;
      return this;
    }

    public Builder uploadLimits(UploadLimits value) {
      uploadLimits = value;
      return this;
    }

    public Builder collection(@Nullable CollectionSchedule value) {
      collection = value;
      return this;
    }

    public Builder upstreams(Upstreams value) {
      upstreams = value;
      return this;
    }

    public Builder events(@Nullable EventSettings value) {
      events = value;
      return this;
    }

    public Builder lameDuck(Duration value) {
      lameDuck = value;
      return this;
    }

    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    public RegistryConfig build() {
      return new RegistryConfig(
          storage,
          listen,
          tls,
          access,
          tokenRealm,
          sparse,
          uploadLimits,
          collection,
          upstreams,
          events,
          lameDuck,
          clock);
    }
  }
}
