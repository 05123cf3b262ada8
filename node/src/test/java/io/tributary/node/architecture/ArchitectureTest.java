package io.tributary.node.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows of ARCHITECTURE.md, and what a domain class must not reach for. */
class ArchitectureTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.tributary");

  @Test
  void wireKnowsNothingOfOurs() {
    noClasses()
        .that()
        .resideInAPackage("io.tributary.wire..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.tributary.actors..",
            "io.tributary.persistence..",
            "io.tributary.lakehouse..",
            "io.tributary.node..")
        .check(OURS);
  }

  @Test
  void persistenceKnowsNeitherKafkaNorTheDomain() {
    noClasses()
        .that()
        .resideInAPackage("io.tributary.persistence..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.tributary.actors..",
            "io.tributary.wire..",
            "io.tributary.node..",
            "org.apache.kafka..",
            "org.apache.pekko..")
        .check(OURS);
  }

  @Test
  void theDomainKnowsNeitherNettyNorHttp() {
    noClasses()
        .that()
        .resideInAPackage("io.tributary.actors..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.tributary.wire..", "io.tributary.node..", "io.netty..", "com.sun.net.httpserver..")
        .check(OURS);
  }

  @Test
  void modelsArePure() {
    classes()
        .that()
        .resideInAPackage("..model..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java.lang..",
            "java.util..",
            "java.time..",
            "java.nio.charset",
            "..model..",
            "org.jspecify.annotations")
        .check(OURS);
  }

  @Test
  void timeAndSleepComeInFromOutside() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.tributary.actors..",
            "io.tributary.persistence.model..",
            "io.tributary.persistence.format..")
        .and()
        .haveSimpleNameNotEndingWith("Loop")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Math.class, "random")
        .check(OURS);
  }
}
