package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.Registry;
import dev.referee.registry.RegistryConfig;
import dev.referee.registry.access.FileAccess;
import dev.referee.registry.content.SparseManifests;
import dev.referee.registry.mirror.Upstreams;
import dev.referee.server.ListenAddress;
import dev.referee.server.ShutdownSignal;
import dev.referee.server.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `referee registry`: the OCI 1.1 registry over a folder or a bucket.
@Command(
    name = "registry",
    description = "Runs the OCI 1.1 registry over a folder or a bucket.",
    subcommands = {RegistryHostsCommand.class, RegistryImportCommand.class})
final class RegistryCommand implements Callable<Integer> {
  @Mixin private CollectionOptions collection = new CollectionOptions();

  @Mixin private StorageOptions storage = new StorageOptions();

  @Option(
      names = "--access",
      paramLabel = "FILE",
      description = "Who may do what (JSON); without this and --htpasswd everybody everything.")
  private @Nullable Path access;

  @Option(
      names = "--htpasswd",
      paramLabel = "FILE",
      description = "Users and their bcrypt hashes, as htpasswd -B writes them.")
  private @Nullable Path htpasswd;

  @Mixin private TokenOptions tokens = new TokenOptions();

  @Option(
      names = "--sparse",
      paramLabel = "none|indexes|images",
      defaultValue = "indexes",
      description = {
        "Which manifests may name what is not here (${DEFAULT-VALUE}): none,",
        "indexes that name missing manifests, or also images that name missing layers."
      })
  private SparseManifests sparse = SparseManifests.INDEXES;

  @Option(
      names = "--upstreams",
      paramLabel = "FILE",
      description = "Overlays and mirrors of other registries (JSON); without it there are none.")
  private @Nullable Path upstreams;

  @Option(
      names = "--lame-duck",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "0s",
      description = "How long to serve on after SIGTERM (${DEFAULT-VALUE}).")
  private Duration lameDuck = Duration.ZERO;

  @Mixin private EventOptions events = new EventOptions();

  @Option(names = "--access-log", description = "Log one line a request.")
  private boolean accessLog;

  @Mixin private ClientCertificateOptions clients = new ClientCertificateOptions();

  @Mixin private ListenOptions options = new ListenOptions();

  @Mixin private LogOptions logging = new LogOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws MisuseException, InterruptedException {
    logging.enable();
    if (accessLog) {
      ServerLogging.enableAccessLog();
    }
    var listen = options.address("127.0.0.1:5000");
    var tls = clients.addTo(options.tls(), access != null || htpasswd != null);
    try (var signal = ShutdownSignal.install();
        var registry = Registry.start(config(listen, tls))) {
      var out = requireNonNull(spec, "picocli sets spec").commandLine().getOut();
      out.println("listening on " + registry.uri());
      out.flush();
      signal.await();
      return ExitCode.OK;
    } catch (IOException e) {
      throw new MisuseException(String.valueOf(e.getMessage()), e);
    }
  }

  private RegistryConfig config(ListenAddress listen, @Nullable TlsFiles tls)
      throws IOException, MisuseException {
    var realm = tokens.realm();
    return RegistryConfig.of(storage.choice(), listen)
        .tls(tls)
        .access(
            FileAccess.open(
                access,
                htpasswd,
                tokens.keys(access != null || htpasswd != null),
                InstantSource.system()))
        .tokenRealm(realm)
        .sparse(sparse)
        .collection(collection.schedule())
        .upstreams(upstreams == null ? Upstreams.NONE : Upstreams.read(upstreams))
        .events(events.settings())
        .lameDuck(lameDuck)
        .build();
  }
}
