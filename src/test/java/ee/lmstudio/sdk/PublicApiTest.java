package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever others compile against is in {@code docs/reference/api.txt}, so that a change of it is
 * seen in the diff, and never happens by accident.
 */
class PublicApiTest {
  private static final Path FILE = Path.of("docs/reference/api.txt");
  private static final String UPDATE = "mvn test -DskipNode -Dtest=PublicApiTest -Dapi.update";
  private static final Set<String> OF_EVERY_RECORD = Set.of("equals", "hashCode", "toString");

  @Test
  void publicApi_isWhatTheFileSays() throws Exception {
    String api = api();
    if (System.getProperty("api.update") != null) {
      Files.writeString(FILE, api);
    }
    assertThat(api)
        .as("The public API changed. If that is meant: %s. Then commit %s", UPDATE, FILE)
        .isEqualTo(Files.readString(FILE));
  }

  @Test
  void publicApi_namesNothingInternal() {
    assertThat(api())
        .doesNotContain(".internal.")
        .contains("interface ee.lmstudio.sdk.SdkContract");
  }

  private static String api() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("ee.lmstudio.sdk")
            .stream()
            .filter(type -> !type.getPackageName().contains(".internal"))
            .map(JavaClass::reflect)
            .filter(PublicApiTest::isReachable)
            .sorted(Comparator.comparing(Class::getName))
            .map(PublicApiTest::described)
            .collect(Collectors.joining("\n"));
  }

  private static boolean isReachable(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (type.getEnclosingClass() == null || isReachable(type.getEnclosingClass()));
  }

  private static String described(Class<?> type) {
    StringBuilder text = new StringBuilder(type.toGenericString());
    Type parent = type.getGenericSuperclass();
    if (parent != null && parent != Object.class && parent != Record.class && !type.isEnum()) {
      text.append(" extends ").append(parent.getTypeName());
    }
    String interfaces =
        Stream.of(type.getGenericInterfaces())
            .map(Type::getTypeName)
            .collect(Collectors.joining(", "));
    if (!interfaces.isEmpty()) {
      text.append(type.isInterface() ? " extends " : " implements ").append(interfaces);
    }
    text.append('\n');
    members(type).forEach(member -> text.append("  ").append(member).append('\n'));
    return text.toString();
  }

  private static List<String> members(Class<?> type) {
    Stream<String> fields =
        Arrays.stream(type.getDeclaredFields())
            .filter(PublicApiTest::isOffered)
            .map(Field::toGenericString);
    Stream<String> methods =
        Stream.<Executable>concat(
                Arrays.stream(type.getDeclaredConstructors()),
                Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> !method.isBridge() && !isOfEveryRecord(type, method)))
            .filter(PublicApiTest::isOffered)
            .map(Executable::toGenericString);
    return Stream.concat(fields, methods)
        .map(member -> member.replace(type.getName() + ".", "").replace("java.lang.", ""))
        .sorted()
        .toList();
  }

  private static boolean isOffered(Member member) {
    return !member.isSynthetic()
        && (Modifier.isPublic(member.getModifiers())
            || Modifier.isProtected(member.getModifiers()));
  }

  private static boolean isOfEveryRecord(Class<?> type, Method method) {
    return type.isRecord() && OF_EVERY_RECORD.contains(method.getName());
  }
}
