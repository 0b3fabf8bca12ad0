package ee.lmstudio.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import ee.lmstudio.sdk.internal.json.FieldFaults;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.internal.json.TreeSize;
import ee.lmstudio.sdk.internal.json.ValueCount;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks that packages import only packages below them. Every package needs a row, and every row
 * needs classes.
 */
class LayoutTest {

  private static final String ROOT = "ee.lmstudio.";

  private static final DescribedPredicate<JavaMethodCall> LOADS_A_CLASS_BY_NAME =
      DescribedPredicate.describe(
          "loads a class by its name",
          call ->
              call.getTargetOwner().isEquivalentTo(Class.class) && call.getName().equals("forName")
                  || call.getTargetOwner().isAssignableTo(ClassLoader.class)
                      && call.getName().equals("loadClass"));

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("ee.lmstudio");

  /** The packages from top to bottom, each with the packages of this project that it may import. */
  enum Row {
    CLI("storage", "config", "simulator", "sdk"),
    SIMULATOR,
    WEB("http", "access", "sdk"),
    HEALTH("http", "access", "run", "upstreams", "server", "simulator", "config", "sdk"),
    HTTP("access", "run", "upstreams", "stream", "server", "json", "config", "sdk"),
    ACCESS("config", "sdk"),
    SERVER("run", "upstreams", "telemetry", "storage", "config", "sdk"),
    RUN("upstreams", "stream", "telemetry", "config", "sdk"),
    UPSTREAMS("stream", "storage", "telemetry", "config", "sdk"),
    TELEMETRY("storage", "json", "config", "sdk"),
    CONFIG("simulator", "sdk"),
    STREAM("sdk"),
    STORAGE("sdk"),
    JSON,
    SDK;

    private final String[] mayImport;

    Row(String... mayImport) {
      this.mayImport = mayImport;
    }

    String packageName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    String[] allowed() {
      return Stream.concat(Stream.of(packageName()), Stream.of(mayImport))
          .map(name -> ROOT + name + "..")
          .toArray(String[]::new);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPackage_importsOnlyWhatItsRowAllows(Row row) {
    classes()
        .that()
        .resideInAPackage(ROOT + row.packageName() + "..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(row.allowed()).or(not(resideInAPackage(ROOT + "."))))
        .check(PRODUCT);
  }

  @Test
  void everyPackage_hasARow() {
    Set<String> existing = new TreeSet<>();
    PRODUCT.forEach(type -> existing.add(type.getPackageName().split("\\.")[2]));

    assertThat(existing)
        .isEqualTo(new TreeSet<>(Stream.of(Row.values()).map(Row::packageName).toList()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ee.lmstudio.(*)..",
        "ee.lmstudio.sdk.internal.(*)..",
        "ee.lmstudio.http.(*)..",
        "ee.lmstudio.simulator.(*).."
      })
  void packages_haveNoCycles(String pattern) {
    slices().matching(pattern).should().beFreeOfCycles().check(PRODUCT);
  }

  @Test
  void sdkAndStream_workWithoutAContainer() {
    noClasses()
        .that()
        .resideInAnyPackage("ee.lmstudio.sdk..", "ee.lmstudio.stream..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "jakarta.enterprise..",
                "jakarta.inject..",
                "jakarta.servlet..",
                "org.eclipse.microprofile.."))
        .check(PRODUCT);
  }

  /** The server sends plain JSON through its Rest Client: docs/decisions/0013. */
  @Test
  void restClient_isKnownToTheUpstreamsOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("ee.lmstudio.upstreams..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.microprofile.rest.client..")
        .check(PRODUCT);
  }

  /** Its annotations may stand anywhere: docs/decisions/0207. */
  @Test
  void jsonBinding_isCalledInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage("ee.lmstudio.json..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.json.bind")
        .check(PRODUCT);
  }

  @Test
  void microProfileConfig_isReadInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage("ee.lmstudio.config..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.microprofile.config..")
        .check(PRODUCT);
  }

  @Test
  void payaraAndGrizzly_areKnownToTheServerOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("ee.lmstudio.server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("fish.payara..", "org.glassfish.grizzly..")
        .check(PRODUCT);
  }

  /**
   * {@code Type} is allowed, because methods of CDI and JAX-RS interfaces that we implement use it.
   */
  @Test
  void reflection_isUsedByTheServerOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("ee.lmstudio.server..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.lang.reflect..", "java.lang.invoke..")
                .and(not(equivalentTo(java.lang.reflect.Type.class))))
        .orShould()
        .callMethodWhere(LOADS_A_CLASS_BY_NAME)
        .check(PRODUCT);
  }

  @Test
  void simpleName_belongsToOneClass() {
    Map<String, List<String>> classesByName =
        PRODUCT.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    Collectors.mapping(JavaClass::getName, Collectors.toList())));
    assertThat(classesByName).hasSizeGreaterThan(100);
    assertThat(classesByName.values()).allMatch(classes -> classes.size() == 1);
  }

  /**
   * Except {@code net}, since settings and sign-in check addresses by the same rules, except {@code
   * FieldFaults}, since the fields that only the server has are checked like the SDK's, except
   * {@code ValueCount} and {@code TreeSize}, since requests and answers are measured alike, except
   * {@code JsonText}, since the OpenAI door reads LM Studio's chunks as the SDK does, and except by
   * {@code upstreams}, which supplies the transport with a client.
   */
  @Test
  void sdkInternals_areUsedByTheSdkOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages("ee.lmstudio.sdk..", "ee.lmstudio.upstreams..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("ee.lmstudio.sdk.internal..")
                .and(not(resideInAPackage("ee.lmstudio.sdk.internal.net..")))
                .and(not(equivalentTo(FieldFaults.class)))
                .and(not(equivalentTo(JsonText.class)))
                .and(not(equivalentTo(ValueCount.class)))
                .and(not(equivalentTo(TreeSize.class))))
        .check(PRODUCT);
  }
}
