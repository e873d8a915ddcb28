package dev.sluice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The dependency rules of the root package's documentation, and the names that say nothing. */
class ArchitectureTest {
    private static final String OURS = "dev.sluice..";
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.sluice");

    @Test
    void chatKnowsNothingOfOurs() {
        only("chat");
    }

    @Test
    void dialectsKnowOnlyChat() {
        only("dialect", "chat");
    }

    @Test
    void theCatalogueKnowsOnlyChat() {
        only("catalog", "chat");
    }

    @Test
    void theEngineAndTheStoreKnowNothingOfOurs() {
        only("http");
        only("store");
    }

    @Test
    void theDataPlaneKnowsNeitherTheControlPlaneNorTheStore() {
        only("proxy", "http", "dialect", "chat", "catalog");
    }

    @Test
    void theJournalKnowsTheRecordsAndNoSql() {
        only("journal", "proxy", "catalog", "chat");
    }

    @Test
    void theControlPlaneKnowsTheDataPlaneOnlyByItsRecordsAndInterfaces() {
        only("admin", "http", "catalog", "chat", "store", "proxy", "journal");
    }

    @Test
    void theSimulatorIsAProviderAndNoPartOfTheGateway() {
        only("simulator", "http", "dialect", "chat");
    }

    @Test
    void settingsAndLogsKnowNothingOfOursAndADemoOnlyTheStore() {
        only("settings");
        only("logging");
        only("demo", "store");
    }

    @Test
    void theConfigurationKnowsNothingThatIsBuiltOfIt() {
        only("configuration", "settings", "catalog", "chat", "http", "store", "proxy", "admin");
        only("gauge", "http", "catalog", "chat", "proxy", "journal", "admin");
    }

    @Test
    void onlyTheCommandsKnowTheCompositionRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.sluice", "dev.sluice.command..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.sluice")
                .because("what is wired does not know who wires it")
                .check(CLASSES);
    }

    @Test
    void theHttpLibraryStaysBehindItsBoundary() {
        noClasses()
                .that()
                .resideInAPackage(OURS)
                .and()
                .resideOutsideOfPackage("dev.sluice.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.core.http..", "io.vertx.core.net..", "io.netty..")
                .because("only http knows the HTTP library")
                .check(CLASSES);
    }

    @Test
    void packagesDoNotDependInCircles() {
        slices().matching("dev.sluice.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("dev.sluice.proxy.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("dev.sluice.dialect.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("dev.sluice.http.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("dev.sluice.http.engine.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void noProtocolKnowsAnother() {
        for (String own : List.of("anthropic", "gemini", "openai")) {
            noClasses()
                    .that()
                    .resideInAPackage("dev.sluice.dialect." + own + "..")
                    .should()
                    .dependOnClassesThat(
                            JavaClass.Predicates.resideInAnyPackage(
                                            "dev.sluice.dialect.anthropic..",
                                            "dev.sluice.dialect.gemini..",
                                            "dev.sluice.dialect.openai..")
                                    .and(
                                            JavaClass.Predicates.resideOutsideOfPackage(
                                                    "dev.sluice.dialect." + own + "..")))
                    .because("protocols meet in the canonical form")
                    .check(CLASSES);
        }
    }

    @Test
    void theContractOfCallsKnowsNothingOfTheEngine() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.sluice.http",
                        "dev.sluice.http.client..",
                        "dev.sluice.http.address..",
                        "dev.sluice.http.handler..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.sluice.http.engine..", "dev.sluice.http.outbound..")
                .because("what calls are made of does not know how they are made")
                .check(CLASSES);
    }

    /** From the first, which may know all that follow, to the last, which knows none of them. */
    @Test
    void withinADialectEachPackageKnowsOnlyThoseBelow() {
        for (String dialect : List.of("anthropic", "gemini", "openai.chat", "openai.responses")) {
            String root = "dev.sluice.dialect." + dialect;
            String[] layers = {
                root, root + ".answer", root + ".request", root + ".peek", root + ".wire"
            };
            for (int i = 1; i < layers.length; i++) {
                noClasses()
                        .that()
                        .resideInAPackage(layers[i])
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(Arrays.copyOf(layers, i))
                        .because("a dialect is built of wire, peek, request and answer, in order")
                        .check(CLASSES);
            }
        }
    }

    @Test
    void howADialectPeeksAndTranslatesIsItsOwn() {
        for (String dialect : List.of("anthropic", "gemini", "openai")) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.sluice.dialect." + dialect + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.sluice.dialect." + dialect + "..answer",
                            "dev.sluice.dialect." + dialect + "..request",
                            "dev.sluice.dialect." + dialect + "..peek")
                    .because("it is asked by the interface Dialect")
                    .check(CLASSES);
        }
    }

    @Test
    void noNameSaysNothing() {
        noClasses()
                .that()
                .resideInAPackage(OURS)
                .should()
                .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Base|Data|Info)")
                .orShould()
                .resideInAnyPackage(
                        "..util..",
                        "..common..",
                        "..helper..",
                        "..impl..",
                        "..service..",
                        "..dto..",
                        "..model..")
                .check(CLASSES);
    }

    @Test
    void theDataPlaneUsesNoJdbcAndNoThreadsOfItsOwn() {
        noClasses()
                .that()
                .resideInAPackage("dev.sluice.proxy..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.jdbi..", "java.util.concurrent.locks..")
                .because("what decides is plain code over memory")
                .check(CLASSES);
    }

    private static void only(String owner, String... known) {
        List<String> allowed = new ArrayList<>();
        allowed.add("dev.sluice." + owner + "..");
        for (String name : known) {
            allowed.add("dev.sluice." + name + "..");
        }
        classes()
                .that()
                .resideInAPackage("dev.sluice." + owner + "..")
                .should()
                .onlyDependOnClassesThat(
                        JavaClass.Predicates.resideInAnyPackage(allowed.toArray(String[]::new))
                                .or(
                                        DescribedPredicate.not(
                                                JavaClass.Predicates.resideInAPackage(OURS))))
                .because("the root package's documentation says who may know whom")
                .allowEmptyShould(true)
                .check(CLASSES);
    }
}
