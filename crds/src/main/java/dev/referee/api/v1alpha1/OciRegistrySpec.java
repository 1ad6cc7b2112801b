package dev.referee.api.v1alpha1;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A registry that the operator runs.
///
/// @param replicas absent, 1; more need `storage.s3`
/// @param storage where it keeps its content
/// @param access who may do what; absent, nobody but Referee anything
/// @param tls its certificate; absent, one of the operator's own authority
/// @param retention what it removes and when; absent, nothing ever
/// @param overlays its repositories that keep evidence of images of other registries
/// @param mirrors its repositories that bring what other registries have
/// @param events whom it tells of what happens to its content; absent, nobody
/// @param accessLog whether its pods log one line a request
/// @param nodePort a port of every node at which the container runtimes of the nodes reach it;
///   absent, none
public record OciRegistrySpec(
    Integer replicas,
    Storage storage,
    Access access,
    Tls tls,
    @Nullable Retention retention,
    List<Overlay> overlays,
    List<RegistryMirror> mirrors,
    @Nullable RegistryEvents events,
    Boolean accessLog,
    @Nullable Integer nodePort) {
  static final int MAX_REPLICAS = 16;

  public OciRegistrySpec(
      @Nullable Integer replicas,
      @Nullable Storage storage,
      @Nullable Access access,
      @Nullable Tls tls,
      @Nullable Retention retention,
      @Nullable List<Overlay> overlays,
      @Nullable List<RegistryMirror> mirrors,
      @Nullable RegistryEvents events,
      @Nullable Boolean accessLog,
      @Nullable Integer nodePort) {
    this.replicas = replicas == null ? 1 : replicas;
    this.storage = Specs.required(storage, "storage");
    this.access = access == null ? new Access(null, null, null, null, null) : access;
    this.tls = tls == null ? new Tls(null, null) : tls;
    this.retention = retention;
    this.overlays = Specs.list(overlays);
    this.mirrors = Specs.list(mirrors);
    this.events = events;
    this.accessLog = accessLog != null && accessLog;
    this.nodePort = nodePort;
    Specs.check(
        this.replicas >= 1 && this.replicas <= MAX_REPLICAS,
        "replicas is not within 1 and " + MAX_REPLICAS);
    Specs.check(
        this.replicas == 1 || this.storage.s3() != null,
        "more than one replica needs storage.s3: a volume has one writer");
    Specs.checkUnique(
        Stream.concat(
            this.overlays.stream().map(Overlay::prefix),
            this.mirrors.stream().map(RegistryMirror::prefix)),
        "overlays and mirrors name the prefix %s twice");
    Specs.check(
        this.access.certificates().isEmpty() || this.tls.clients() != null,
        "access.certificates needs tls.clients: who vouches for them");
  }

  /// Whether some of its repositories have to do with other registries.
  public boolean namesUpstreams() {
    return !overlays.isEmpty() || !mirrors.isEmpty();
  }

  /// Whether the operator keeps what runs from being removed.
  public boolean pinsRunning() {
    return retention != null && retention.pinRunning();
  }

  /// Exactly one of the two.
  ///
  /// @param persistentVolume a volume claim
  /// @param s3 a bucket
  public record Storage(@Nullable PersistentVolume persistentVolume, @Nullable S3 s3) {
    public Storage {
      Specs.check(
          Stream.of(persistentVolume, s3).filter(Objects::nonNull).count() == 1,
          "storage is exactly one of persistentVolume or s3");
    }
  }

  /// A volume claim.
  ///
  /// @param size as a quantity such as `10Gi`
  /// @param storageClassName absent, the cluster's default
  public record PersistentVolume(String size, @Nullable String storageClassName) {
    public PersistentVolume(@Nullable String size, @Nullable String storageClassName) {
      this.size = Specs.required(size, "size");
      this.storageClassName = storageClassName;
    }
  }

  /// A bucket of an S3 service.
  ///
  /// @param endpoint URL of the service; absent, AWS's of the region
  /// @param region absent, `us-east-1`
  /// @param bucket the bucket, which must exist
  /// @param prefix what every key begins with; absent, nothing
  /// @param pathStyle whether the bucket is named in the path instead of the host
  /// @param credentialsRef a Secret of the same namespace with `accessKeyId` and `secretAccessKey`;
  ///   absent, those of the pod's environment
  public record S3(
      @Nullable String endpoint,
      String region,
      String bucket,
      @Nullable String prefix,
      Boolean pathStyle,
      @Nullable SecretReference credentialsRef) {
    public S3(
        @Nullable String endpoint,
        @Nullable String region,
        @Nullable String bucket,
        @Nullable String prefix,
        @Nullable Boolean pathStyle,
        @Nullable SecretReference credentialsRef) {
      this.endpoint = endpoint;
      this.region = region == null ? "us-east-1" : region;
      this.bucket = Specs.required(bucket, "bucket");
      this.prefix = prefix;
      this.pathStyle = pathStyle != null && pathStyle;
      this.credentialsRef = credentialsRef;
    }
  }

  /// Who may do what.
  ///
  /// @param anonymousRead whether anybody may pull
  /// @param serviceAccounts service accounts of the cluster and what they may do
  /// @param certificates certificates that an authority of `tls.clients` issued, and what whoever
  ///   has one may do
  /// @param htpasswdRef a Secret of the same namespace whose value `htpasswd` lists users with
  ///   bcrypt hashes, who may do everything
  /// @param tokens whether clients get tokens for their credentials; absent, they send those with
  ///   every request
  public record Access(
      Boolean anonymousRead,
      List<ServiceAccountAccess> serviceAccounts,
      List<CertificateAccess> certificates,
      @Nullable SecretReference htpasswdRef,
      @Nullable Tokens tokens) {
    public Access(
        @Nullable Boolean anonymousRead,
        @Nullable List<ServiceAccountAccess> serviceAccounts,
        @Nullable List<CertificateAccess> certificates,
        @Nullable SecretReference htpasswdRef,
        @Nullable Tokens tokens) {
      this.anonymousRead = anonymousRead != null && anonymousRead;
      this.serviceAccounts = Specs.list(serviceAccounts);
      this.certificates = Specs.list(certificates);
      this.htpasswdRef = htpasswdRef;
      this.tokens = tokens;
    }
  }

  /// Tokens that the registry gives for credentials, signed by secrets that the operator makes.
  public record Tokens() {}

  /// What one service account may do.
  ///
  /// @param namespace of the service account; absent, the registry's
  /// @param name of the service account
  /// @param repositories globs of repositories
  /// @param actions what it may do with them; absent, pull
  public record ServiceAccountAccess(
      @Nullable String namespace,
      String name,
      List<String> repositories,
      List<RegistryAction> actions) {
    public ServiceAccountAccess(
        @Nullable String namespace,
        @Nullable String name,
        @Nullable List<String> repositories,
        @Nullable List<RegistryAction> actions) {
      this.namespace = namespace;
      this.name = Specs.required(name, "name");
      this.repositories = Specs.nonEmpty(repositories, "repositories");
      this.actions =
          actions == null ? List.of(RegistryAction.PULL) : Specs.nonEmpty(actions, "actions");
    }
  }

  /// Its certificate, and those of its clients.
  ///
  /// @param secretRef a Secret of type `kubernetes.io/tls` in the same namespace; absent, the
  ///   operator issues a certificate and renews it
  /// @param clients whose certificates clients may show; absent, they are not asked for one
  public record Tls(@Nullable SecretReference secretRef, @Nullable ClientAuthority clients) {}

  /// What is removed: what nothing refers to.
  ///
  /// @param untagged a manifest that no tag, lease, index or subject holds stays for so long;
  ///   absent, a week
  /// @param grace content that no manifest names stays for so long, which must be longer than any
  ///   push takes; absent, a day
  /// @param every the pause between two collections; absent, an hour
  /// @param dryRun whether the log only says what would go, and why
  /// @param pinRunning whether what runs in the cluster stays; absent, it does
  public record Retention(
      Duration untagged, Duration grace, Duration every, Boolean dryRun, Boolean pinRunning) {
    private static final Duration MIN_KEPT = Duration.ofMinutes(10);
    private static final Duration MAX_KEPT = Duration.ofDays(365);
    private static final Duration MIN_PAUSE = Duration.ofMinutes(1);
    private static final Duration MAX_PAUSE = Duration.ofDays(7);

    public Retention(
        @Nullable Duration untagged,
        @Nullable Duration grace,
        @Nullable Duration every,
        @Nullable Boolean dryRun,
        @Nullable Boolean pinRunning) {
      this.untagged = untagged == null ? Duration.ofDays(7) : untagged;
      this.grace = grace == null ? Duration.ofDays(1) : grace;
      this.every = every == null ? Duration.ofHours(1) : every;
      this.dryRun = dryRun != null && dryRun;
      this.pinRunning = pinRunning == null || pinRunning;
      check(this.untagged, "untagged", MIN_KEPT, MAX_KEPT);
      check(this.grace, "grace", MIN_KEPT, MAX_KEPT);
      check(this.every, "every", MIN_PAUSE, MAX_PAUSE);
    }

    private static void check(Duration value, String field, Duration least, Duration most) {
      Specs.check(
          value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
          "%s is not within %dm and %dh".formatted(field, least.toMinutes(), most.toHours()));
    }
  }

  /// Repositories that keep signatures, SBOMs and other referrers of images that are elsewhere.
  ///
  /// @param prefix what their names begin with, in whole components
  public record Overlay(String prefix) {
    public Overlay(@Nullable String prefix) {
      this.prefix = Specs.required(prefix, "prefix");
    }
  }
}
