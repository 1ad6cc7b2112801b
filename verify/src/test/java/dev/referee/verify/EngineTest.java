package dev.referee.verify;

import static dev.referee.verify.decision.Reason.FORBIDDEN;
import static dev.referee.verify.decision.Reason.IMAGE_NOT_FOUND;
import static dev.referee.verify.decision.Reason.INTERNAL_ERROR;
import static dev.referee.verify.decision.Reason.POLICY_INVALID;
import static dev.referee.verify.decision.Reason.REGISTRY_TIMEOUT;
import static dev.referee.verify.decision.Reason.REGISTRY_UNREACHABLE;
import static dev.referee.verify.decision.Reason.TOO_MUCH_EVIDENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.api.v1alpha1.DenySpec;
import dev.referee.api.v1alpha1.RequirementSpec;
import dev.referee.oci.ArtifactSource;
import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.ManifestContent;
import dev.referee.oci.Reference;
import dev.referee.oci.ReferrerList;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.SigningKey;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.policy.ImageRequest;
import dev.referee.verify.policy.PolicySet;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineTest {
  private static final SigningKey KEY = SigningKey.p256();
  private static final CosignSigner SIGNER = new CosignSigner(KEY);
  private static final PolicySet SIGNED =
      Policies.of(List.of(Policies.signer("ci", KEY)), Policies.signed("ci"));

  private final MemoryRepository repository = new MemoryRepository();
  private final Judge judge = new Judge(repository);
  private Descriptor image = Descriptor.EMPTY_JSON;

  @BeforeEach
  void pushImage() throws SourceException {
    image = Artifacts.image(repository, "image", "v1");
  }

  @Test
  void resolvesATagOnce() throws SourceException {
    SIGNER.sign(repository, image);

    var decision = judge.decideTag("v1", SIGNED);

    assertThat(decision).isInstanceOf(Decision.Allowed.class);
    assertThat(decision.findings().digest()).isEqualTo(image.digest());
    assertThat(repository.requests()).filteredOn("v1"::equals).hasSize(1);
  }

  @Test
  void saysThatATagIsNotThere() {
    var decision = judge.decideTag("v2", SIGNED);

    assertThat(reason(decision)).isEqualTo(IMAGE_NOT_FOUND);
  }

  /// N08, CVE-2022-47633: a registry that answers the second question with another image.
  @Test
  void n08JudgesTheImageOfTheFirstAnswer() throws SourceException {
    SIGNER.sign(repository, image);
    var unsigned = Artifacts.image(repository, "unsigned", null);
    var asked = new AtomicInteger();
    var alternating =
        new Wrapped(repository) {
          @Override
          public Optional<ManifestContent> manifest(String tag) throws SourceException {
            if (tag.equals("v1") && asked.getAndIncrement() > 0) {
              return repository.manifest(unsigned.digest());
            }
            return super.manifest(tag);
          }
        };

    var decision = decide(alternating, "v1", SIGNED);

    assertThat(decision).isInstanceOf(Decision.Allowed.class);
    assertThat(decision.findings().digest()).isEqualTo(image.digest());
    assertThat(asked).hasValue(1);
  }

  @Test
  void asksNobodyWhenNoPolicyMatches() {
    assertThat(judge.decideTag("v1", PolicySet.EMPTY)).isInstanceOf(Decision.Allowed.class);
    assertThat(repository.requests()).isEmpty();
  }

  @Test
  void asksNobodyToForbidAnImage() {
    var forbidden =
        Policies.of(
            List.of(),
            new RequirementSpec("not-from-here", null, null, new DenySpec("use our registry")));

    var unmet = judge.assertDenied(image.digest(), forbidden, FORBIDDEN);

    assertThat(unmet.message()).isEqualTo("use our registry");
    assertThat(repository.requests()).isEmpty();
  }

  @Test
  void deniesByAPolicyThatMakesNoSense() {
    var broken = Policies.of(List.of(), Policies.signed("nobody"));

    judge.assertDenied(image.digest(), broken, POLICY_INVALID);
  }

  /// A broken way to the evidence leaves the question open, wherever it breaks.
  @ParameterizedTest
  @EnumSource(SourceReason.class)
  void tellsABrokenWayFromAnAnswer(SourceReason fault) throws SourceException {
    var signature = SIGNER.sign(repository, image);
    for (var what : List.of("referrers " + image.digest(), signature.digest().toString())) {
      repository.fail(what, fault);
      if (fault.isTransport()) {
        judge.assertUndecided(image.digest(), SIGNED, Reason.of(fault));
      } else {
        judge.assertDenied(image.digest(), SIGNED, Reason.of(fault));
      }
      repository.heal();
    }
    repository.fail("v1", fault);
    assertThat(reason(judge.decideTag("v1", SIGNED))).isEqualTo(Reason.of(fault));
  }

  @Test
  void goesOnLookingWhereOneWayIsBroken() throws SourceException {
    CosignSigner.signTag(repository, image.digest(), "r", SIGNER);
    repository.fail("referrers " + image.digest(), SourceReason.SERVER_ERROR);

    judge.assertAllowed(image.digest(), SIGNED);
  }

  @Test
  void oneUnreadableReferrerDoesNotHideTheGoodOne() throws SourceException {
    var broken = new CosignSigner(SigningKey.p256()).sign(repository, image);
    SIGNER.sign(repository, image);
    repository.fail(broken.digest().toString(), SourceReason.SERVER_ERROR);

    judge.assertAllowed(image.digest(), SIGNED);
  }

  /// What is listed but gone is an answer: 404 is one.
  @Test
  void takesAMissingReferrerForAnAnswer() throws SourceException {
    var gone = new Descriptor(image.mediaType(), Digest.of("gone".getBytes(UTF_8)), 4);
    repository.list(image.digest(), gone);

    judge.assertDenied(image.digest(), SIGNED, Reason.EVIDENCE_NOT_FOUND);
  }

  /// N80: our own errors deny, with a reason, and somebody hears of them.
  @Test
  void n80DeniesOnAnErrorOfOurOwn() {
    var brokenList =
        new Wrapped(repository) {
          @Override
          public ReferrerList referrers(Digest subject) {
            throw new IndexOutOfBoundsException("a bug");
          }
        };
    var brokenTag =
        new Wrapped(repository) {
          @Override
          public Optional<ManifestContent> manifest(String tag) {
            throw new NullPointerException("a bug");
          }
        };
    for (var broken : List.of(brokenList, brokenTag)) {
      var bugs = new ArrayList<Throwable>();
      var engine =
          new Engine(
              (name, deadline) -> broken, ProofMemory.NONE, InstantSource.system(), bugs::add);

      var decision = engine.decide(request("v1"), SIGNED, Deadline.in(Duration.ofSeconds(20)));

      assertThat(decision).isInstanceOf(Decision.Denied.class);
      assertThat(reason(decision)).isEqualTo(INTERNAL_ERROR);
      assertThat(bugs).hasSize(1);
    }
  }

  @Test
  void answersWithinThePolicysTimeWhenARegistryHangs() {
    var released = new CountDownLatch(1);
    var hanging =
        new Wrapped(repository) {
          @Override
          public ReferrerList referrers(Digest subject) throws SourceException {
            try {
              released.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return super.referrers(subject);
          }
        };
    var impatient =
        Policies.of(
            List.of(Policies.signer("ci", KEY)), Duration.ofMillis(200), Policies.signed("ci"));
    long start = System.nanoTime();

    var decision = decide(hanging, "v1", impatient);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(reason(decision)).isEqualTo(REGISTRY_TIMEOUT);
    assertThat(((Decision.Denied) decision).isUndecided()).isTrue();
    released.countDown();
  }

  /// Whoever can push must not be able to push so much that a denial becomes an open question.
  @Test
  void aFloodThatOutlastsTheTimeIsAnAnswer() throws SourceException {
    for (int i = 0; i < 500; i++) {
      Artifacts.attach(
          repository, image, CosignSigner.BUNDLE, "{\"junk\":%d}".formatted(i).getBytes(UTF_8));
    }
    var opened = new AtomicInteger();
    var never = new CountDownLatch(1);
    var slow =
        new Wrapped(repository) {
          @Override
          public Optional<ManifestContent> manifest(Digest digest) throws SourceException {
            if (opened.incrementAndGet() > 150) {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
            return super.manifest(digest);
          }
        };
    var impatient =
        Policies.of(
            List.of(Policies.signer("ci", KEY)), Duration.ofSeconds(2), Policies.signed("ci"));

    var decision = decide(slow, "v1", impatient);

    assertThat(reason(decision)).isEqualTo(TOO_MUCH_EVIDENCE);
    assertThat(((Decision.Denied) decision).isUndecided()).isFalse();
    never.countDown();
  }

  /// The same with few referrers that are large.
  @Test
  void aFloodOfBytesThatOutlastsTheTimeIsAnAnswer() throws SourceException {
    for (int i = 0; i < 40; i++) {
      Artifacts.attach(
          repository, image, CosignSigner.BUNDLE, (i + " ".repeat(1_000_000)).getBytes(UTF_8));
    }
    var read = new AtomicInteger();
    var never = new CountDownLatch(1);
    var slow =
        new Wrapped(repository) {
          @Override
          public Optional<InputStream> blob(Descriptor descriptor) throws SourceException {
            if (read.incrementAndGet() > 35) {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
            return super.blob(descriptor);
          }
        };
    var impatient =
        Policies.of(
            List.of(Policies.signer("ci", KEY)), Duration.ofSeconds(2), Policies.signed("ci"));

    var decision = decide(slow, "v1", impatient);

    assertThat(reason(decision)).isEqualTo(TOO_MUCH_EVIDENCE);
    assertThat(((Decision.Denied) decision).isUndecided()).isFalse();
    never.countDown();
  }

  @Test
  void nothingIsRememberedFromOneDecisionToTheNext() throws SourceException {
    repository.fail("referrers " + image.digest(), SourceReason.UNREACHABLE);
    judge.assertUndecided(image.digest(), SIGNED, REGISTRY_UNREACHABLE);

    repository.heal();
    SIGNER.sign(repository, image);
    judge.assertAllowed(image.digest(), SIGNED);
  }

  private static Reason reason(Decision decision) {
    var outcome = decision.findings().policies().getFirst().requirements().getFirst().outcome();
    return outcome.failure().orElseThrow();
  }

  private static Decision decide(ArtifactSource source, String tag, PolicySet policies) {
    return new Engine(
            (name, deadline) -> source,
            ProofMemory.NONE,
            InstantSource.system(),
            bug -> {
              throw new AssertionError(bug);
            })
        .decide(request(tag), policies, Deadline.in(Duration.ofSeconds(20)));
  }

  private static ImageRequest request(String tag) {
    return ImageRequest.of(Reference.parse("registry.example.com/shop/cart:" + tag));
  }

  /// A repository that a test changes the behaviour of.
  private static class Wrapped implements ArtifactSource {
    private final MemoryRepository repository;

    Wrapped(MemoryRepository repository) {
      this.repository = repository;
    }

    @Override
    public Optional<ManifestContent> manifest(String tag) throws SourceException {
      return repository.manifest(tag);
    }

    @Override
    public Optional<ManifestContent> manifest(Digest digest) throws SourceException {
      return repository.manifest(digest);
    }

    @Override
    public Optional<InputStream> blob(Descriptor descriptor) throws SourceException {
      return repository.blob(descriptor);
    }

    @Override
    public ReferrerList referrers(Digest subject) throws SourceException {
      return repository.referrers(subject);
    }
  }
}
