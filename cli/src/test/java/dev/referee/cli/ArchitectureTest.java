package dev.referee.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Date;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The table of modules: which may import which, and what some may never see. It stands here
/// because the executable is what sees them all.
class ArchitectureTest {
  private static final String FABRIC8 = "io.fabric8..";
  private static final String VERTX = "io.vertx..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.referee");

  /// A module, named by its packages.
  enum Module {
    CRDS("dev.referee.api.v1alpha1.."),
    OCI("dev.referee.oci.."),
    SERVER("dev.referee.server.."),
    TESTING("dev.referee.testing.."),
    CLIENT("dev.referee.client.."),
    VERIFY("dev.referee.verify.."),
    GATE("dev.referee.gate.."),
    REGISTRY("dev.referee.registry.."),
    WEBHOOK("dev.referee.webhook.."),
    OPERATOR("dev.referee.operator.."),
    CLI("dev.referee.cli..");

    private final String packages;

    Module(String packages) {
      this.packages = packages;
    }

    /// The table: which of ours it may import.
    private Set<Module> imports() {
      return switch (this) {
        case CRDS, OCI, SERVER -> EnumSet.noneOf(Module.class);
        case TESTING -> EnumSet.of(CRDS, OCI);
        case CLIENT -> EnumSet.of(OCI);
        case VERIFY -> EnumSet.of(CRDS, OCI);
        case GATE -> EnumSet.of(CRDS, OCI, CLIENT, VERIFY);
        case REGISTRY -> EnumSet.of(OCI, CLIENT, SERVER);
        case WEBHOOK, OPERATOR -> EnumSet.of(CRDS, OCI, CLIENT, VERIFY, GATE, SERVER);
        case CLI -> EnumSet.allOf(Module.class);
      };
    }

    /// The packages of the modules that it may not import.
    private String[] strangers() {
      var strangers = EnumSet.allOf(Module.class);
      strangers.remove(this);
      strangers.removeAll(imports());
      return strangers.stream().map(module -> module.packages).toArray(String[]::new);
    }
  }

  @ParameterizedTest
  @EnumSource
  void importsOnlyWhatTheTableAllows(Module module) {
    assertThat(CLASSES.stream().filter(resideInAPackage(module.packages))).isNotEmpty();
    if (module.strangers().length == 0) {
      return;
    }
    noClasses()
        .that(resideInAPackage(module.packages))
        .should()
        .dependOnClassesThat(resideInAnyPackage(module.strangers()))
        .because("the table of modules says what each may import")
        .check(CLASSES);
  }

  @Test
  void everyClassBelongsToAModule() {
    var known = Arrays.stream(Module.values()).map(module -> module.packages);

    noClasses().should(be(resideOutsideOfPackages(known.toArray(String[]::new)))).check(CLASSES);
  }

  @Test
  void modelsKnowNeitherKubernetesNorTheNetwork() {
    noClasses()
        .that(resideInAnyPackage(Module.CRDS.packages, Module.OCI.packages))
        .should()
        .dependOnClassesThat(resideInAnyPackage(FABRIC8, VERTX, "java.net.http.."))
        .check(CLASSES);
  }

  @Test
  void onlyWhatSpeaksToAClusterKnowsItsClient() {
    noClasses()
        .that(
            resideOutsideOfPackages(
                Module.GATE.packages, Module.OPERATOR.packages, Module.CLI.packages))
        .should()
        .dependOnClassesThat(resideInAPackage(FABRIC8))
        .because("a parse by the client costs 700 ms cold, and the rest needs no cluster")
        .check(CLASSES);
  }

  @Test
  void theEngineKnowsBytesAndNothingElse() {
    noClasses()
        .that(resideInAPackage(Module.VERIFY.packages))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(FABRIC8, VERTX, "io.netty..", "io.micrometer..", "java.net.http..")
                .or(
                    resideInAPackage("java.net..")
                        .and(
                            describe(
                                "other than names",
                                (JavaClass type) -> !type.getName().startsWith("java.net.URI")))))
        .because("every verdict can be replayed from memory")
        .check(CLASSES);
  }

  @Test
  void theEngineHasNoClockOfItsOwn() {
    var clocks =
        Stream.of(
                Clock.class,
                Instant.class,
                LocalDate.class,
                LocalDateTime.class,
                OffsetDateTime.class,
                ZonedDateTime.class)
            .map(Class::getName)
            .collect(toSet());

    noClasses()
        .that(resideInAPackage(Module.VERIFY.packages))
        .should()
        .callCodeUnitWhere(
            describe(
                "reads the time of day",
                call -> {
                  JavaCodeUnit target = call.getTarget().resolveMember().orElse(null);
                  var owner = call.getTarget().getOwner().getName();
                  var name = call.getTarget().getName();
                  return (clocks.contains(owner)
                          && (name.equals("now") || name.startsWith("system")))
                      || (owner.equals(System.class.getName()) && name.equals("currentTimeMillis"))
                      || (owner.equals(Date.class.getName())
                          && name.equals("<init>")
                          && target != null
                          && target.getRawParameterTypes().isEmpty());
                }))
        .because("the clock is a parameter of a decision")
        .check(CLASSES);
  }

  @Test
  void onlyTheDemonstrationForgesEvidence() {
    noClasses()
        .that(resideOutsideOfPackages("dev.referee.cli.demo..", Module.TESTING.packages))
        .should()
        .dependOnClassesThat(resideInAPackage(Module.TESTING.packages))
        .check(CLASSES);
  }

  @Test
  void everyPackageSaysWhatMayBeNull() {
    classes()
        .should(
            be(
                describe(
                    "in a package that is @NullMarked",
                    type -> type.getPackage().isAnnotatedWith(NullMarked.class))))
        .check(CLASSES);
  }
}
