package ee.lmstudio.web;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts of the pages are complete in both languages, and the pages use all of them. */
class MessagesTest {
  private static final Path BUNDLES = Path.of("src/main/resources/ee/lmstudio/web");
  private static final Path VIEWS = Path.of("src/main/webapp");
  private static final Path PAGE = VIEWS.resolve("js/page");
  private static final Path BEANS = Path.of("src/main/java/ee/lmstudio/web");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\w*}");
  private static final Pattern JAVASCRIPT_COMMENT =
      Pattern.compile("(?s:/\\*.*?\\*/)|(?m:^\\s*//.*$)");
  private static final Pattern TEXT = Pattern.compile("'([^'\\n]*)'");
  private static final Pattern FIRST_ARGUMENT = Pattern.compile("\\btexts(?:\\(|, )'([^']+)'");
  private static final Pattern TEMPLATE = Pattern.compile("`([a-z]+\\.[^`]*?\\$\\{[^`]*)`");
  private static final Pattern IN_VIEW = Pattern.compile("\\bmsg\\['([^']+)']");
  private static final Pattern IN_BEAN = Pattern.compile("\"([a-z]+\\.[a-z.]+)\"");

  private final Map<String, String> english = texts("messages.properties");

  @Test
  void languages_haveTheSameKeys() {
    assertThat(texts("messages_de.properties").keySet()).isEqualTo(english.keySet());
  }

  @Test
  void languages_haveTheSamePlaceholdersInEveryText() {
    Map<String, Set<String>> expected = placeholders(english);
    assertThat(placeholders(texts("messages_de.properties"))).isEqualTo(expected);
    assertThat(expected.get("context.used")).containsExactly("{length}", "{used}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"messages.properties", "messages_de.properties"})
  void bundle_hasNoEmptyTextAndNoKeyTwice(String bundle) throws IOException {
    Map<String, String> texts = texts(bundle);
    assertThat(texts).isNotEmpty().allSatisfy((key, text) -> assertThat(text).as(key).isNotBlank());
    List<String> keys =
        Files.readAllLines(BUNDLES.resolve(bundle)).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.substring(0, line.indexOf('=')))
            .toList();
    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void pages_nameOnlyKeysThatExist() {
    String groups =
        english.keySet().stream()
            .filter(key -> key.contains("."))
            .map(key -> key.substring(0, key.indexOf('.')))
            .distinct()
            .collect(Collectors.joining("|"));
    Pattern looksLikeAKey = Pattern.compile("(?:" + groups + ")(?:\\.[a-z_-]+)+");
    Set<String> named = new TreeSet<>(found(IN_VIEW, views()));
    named.addAll(found(FIRST_ARGUMENT, page()));
    named.addAll(found(IN_BEAN, beans()));
    found(TEXT, page()).stream()
        .filter(text -> looksLikeAKey.matcher(text).matches())
        .forEach(named::add);
    assertThat(named).contains("login.title", "login.wrong", "notice.gone", "models.unload.label");
    assertThat(english.keySet()).containsAll(named);
  }

  @Test
  void pages_buildOnlyKeysOfWhichSomeExist() {
    assertThat(builtKeys())
        .containsKey("notice.stopped.${turn.cancelledBy ?? 'client'}")
        .allSatisfy(
            (name, built) ->
                assertThat(english.keySet()).as(name).anyMatch(built.asMatchPredicate()));
  }

  /** A key without a dot is an ordinary word, so any text of the scripts counts as its use. */
  @Test
  void keys_areAllUsed() {
    Set<String> used = new TreeSet<>(found(IN_VIEW, views()));
    used.addAll(found(TEXT, page()));
    used.addAll(found(IN_BEAN, beans()));
    List<Pattern> built = List.copyOf(builtKeys().values());
    assertThat(english.keySet())
        .allMatch(
            key ->
                used.contains(key)
                    || built.stream().anyMatch(pattern -> pattern.matcher(key).matches()));
  }

  /** The keys that contain a variable, each with a pattern in which a variable is any text. */
  private Map<String, Pattern> builtKeys() {
    Map<String, Pattern> built = new TreeMap<>();
    for (String template : found(TEMPLATE, page())) {
      String pattern =
          Stream.of(template.split("\\$\\{[^}]*}", -1))
              .map(Pattern::quote)
              .collect(Collectors.joining("[\\w-]+"));
      built.put(template, Pattern.compile(pattern));
    }
    return built;
  }

  private static Map<String, Set<String>> placeholders(Map<String, String> texts) {
    Map<String, Set<String>> placeholders = new HashMap<>();
    texts.forEach(
        (key, text) ->
            placeholders.put(
                key,
                PLACEHOLDER
                    .matcher(text)
                    .results()
                    .map(MatchResult::group)
                    .collect(toCollection(TreeSet::new))));
    return placeholders;
  }

  private static List<String> found(Pattern pattern, String source) {
    return pattern.matcher(source).results().map(match -> match.group(1)).toList();
  }

  private static String page() {
    return JAVASCRIPT_COMMENT.matcher(sources(PAGE, ".js")).replaceAll("");
  }

  private static String views() {
    return sources(VIEWS, ".xhtml");
  }

  private static String beans() {
    return sources(BEANS, ".java");
  }

  private static String sources(Path folder, String suffix) {
    try (Stream<Path> files = Files.walk(folder)) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.filter(path -> path.toString().endsWith(suffix)).sorted().toList()) {
        all.append(Files.readString(file)).append('\n');
      }
      return all.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> texts(String bundle) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(BUNDLES.resolve(bundle))) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> texts = new TreeMap<>();
    properties.forEach((key, text) -> texts.put((String) key, (String) text));
    return texts;
  }
}
