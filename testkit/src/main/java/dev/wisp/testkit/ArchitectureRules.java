package dev.wisp.testkit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;

/**
 * The structure of the project as rules that fail the build; each module's {@code ArchitectureTest} runs them on itself. Why each rule
 * stands is in {@code docs/architecture.md}.
 */
public final class ArchitectureRules {

    private static final String ROOT = "dev.wisp";

    /** Decisions are found by name, so that one cannot be written outside the rules by accident. */
    private static final DescribedPredicate<JavaClass> DECISION = DescribedPredicate.describe(
            "decisions (*Policy, *Planner, Rating)",
            type -> type.getSimpleName().endsWith("Policy")
                    || type.getSimpleName().endsWith("Planner")
                    || type.getSimpleName().equals("Rating"));

    private ArchitectureRules() {}

    /**
     * Checks every rule on the classes of one module; throws {@link AssertionError} naming what breaks which.
     *
     * @param alsoSees packages of other modules that it may use, for what is no service itself
     */
    public static void check(String modulePackage, String... alsoSees) {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(modulePackage);
        rules(modulePackage, List.of(alsoSees))
                .forEach(rule -> rule.allowEmptyShould(true).check(classes));
    }

    private static List<ArchRule> rules(String modulePackage, List<String> alsoSees) {
        return List.of(
                serviceSeesOnlyContracts(modulePackage, alsoSees),
                nativeCallsOnlyInLinux(),
                decisionsArePure(modulePackage),
                noFieldInjection(),
                noStandardOutput(modulePackage),
                slices().matching(modulePackage + ".(*)..").should().beFreeOfCycles());
    }

    private static ArchRule serviceSeesOnlyContracts(String modulePackage, List<String> alsoSees) {
        String[] seen = Stream.concat(
                        Stream.of(modulePackage, ROOT + ".contracts", ROOT + ".embedded"), alsoSees.stream())
                .map(seenPackage -> seenPackage + "..")
                .toArray(String[]::new);
        return noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "..").and(DescribedPredicate.not(resideInAnyPackage(seen))))
                .because("services meet only in contracts");
    }

    private static ArchRule nativeCallsOnlyInLinux() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".node.linux..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jnr..", "com.kenai.jffi..")
                .because("native calls live in one place, with errno read in the next statement");
    }

    private static ArchRule decisionsArePure(String modulePackage) {
        return classes()
                .that(DECISION)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java.lang..",
                                "java.util",
                                "java.util.function..",
                                "java.util.stream..",
                                "java.time..",
                                "java.math..",
                                "org.jspecify..",
                                ROOT + ".contracts..",
                                modulePackage + "..")
                        .and(DescribedPredicate.describe(
                                "no clock, thread or randomness", type -> !IMPURE.contains(type.getName()))))
                .because("explain, replay and simulation run the same decisions");
    }

    private static final List<String> IMPURE = List.of(
            "java.time.Clock",
            "java.time.InstantSource",
            "java.lang.Thread",
            "java.lang.Process",
            "java.util.Random",
            "java.util.Timer");

    private static ArchRule noFieldInjection() {
        return noFields()
                .should()
                .beAnnotatedWith("jakarta.inject.Inject")
                .because("what a class needs comes in through its constructor");
    }

    private static ArchRule noStandardOutput(String modulePackage) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".cli..", ROOT + ".bench..", ROOT + ".standalone..")
                .and()
                .resideInAPackage(modulePackage + "..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("services log");
    }
}
