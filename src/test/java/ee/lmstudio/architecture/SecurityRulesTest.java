package ee.lmstudio.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import ee.lmstudio.sdk.Secret;
import java.io.ObjectInputStream;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

/** Limits which code reads secrets, and forbids code that could run texts as programs. */
class SecurityRulesTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("ee.lmstudio");

  /**
   * The settings reader masks secrets in its errors, access tokens are hashed, the link is printed
   * in {@code local}, the server calls itself while it warms up, and the SDK sends the key to LM
   * Studio. No other class reads the text.
   */
  @Test
  void secret_isReadInFivePlacesOnly() {
    assertThat(
            PRODUCT.get(Secret.class).getMethod("reveal").getCallsOfSelf().stream()
                .map(call -> call.getOriginOwner().getName())
                .map(name -> name.replaceAll("\\$.*", ""))
                .distinct())
        .containsExactlyInAnyOrder(
            "ee.lmstudio.config.SettingsReader",
            "ee.lmstudio.config.AccessToken",
            "ee.lmstudio.health.WarmUp",
            "ee.lmstudio.http.session.DemoLink",
            "ee.lmstudio.sdk.internal.http.RequestMarks");
  }

  /** The JDK documents that the time of this comparison does not depend on the texts. */
  @Test
  void secret_isComparedInConstantTime() {
    classes()
        .that()
        .belongToAnyOf(Secret.class)
        .should()
        .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
        .andShould()
        .notBeAssignableTo(Comparable.class)
        .check(PRODUCT);
    noClasses()
        .that()
        .belongToAnyOf(Secret.class)
        .should()
        .callMethod(String.class, "equals", Object.class)
        .check(PRODUCT);
  }

  /**
   * A tool call that a model wants, or any other text, cannot become a program: nothing starts
   * processes, evaluates scripts or expressions, or deserialises Java objects.
   */
  @Test
  void noText_canBeRunAsAProgram() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.lang\\.ProcessBuilder|javax\\.script\\..*|javax\\.tools\\..*")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("jakarta\\.el\\..*|javax\\.naming\\..*|java\\.rmi\\..*")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(ObjectInputStream.class)
        .orShould()
        .accessTargetWhere(
            describe(
                "starts a process",
                (JavaAccess<?> access) ->
                    access.getTargetOwner().isEquivalentTo(Runtime.class)
                        && access.getName().equals("exec")))
        .check(PRODUCT);
  }
}
