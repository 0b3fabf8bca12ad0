package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Each artifact names the libraries that it brings, and no others. */
class ThirdPartyNoticesTest {
  private static final Pattern LISTED = Pattern.compile("\\(([\\w.-]+:[\\w.-]+):\\S+ - ");

  private static Set<String> listed(String file) throws IOException {
    try (InputStream in = ThirdPartyNoticesTest.class.getResourceAsStream("/META-INF/" + file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return LISTED
          .matcher(text)
          .results()
          .map(found -> found.group(1))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The direct dependencies of a POM that a user of the artifact gets. */
  private static Set<String> dependencies(Path pom) throws Exception {
    Set<String> all = new TreeSet<>();
    try (InputStream in = Files.newInputStream(pom)) {
      Element project =
          DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getDocumentElement();
      Element list = child(project, "dependencies");
      for (Node node = list.getFirstChild(); node != null; node = node.getNextSibling()) {
        if (node instanceof Element one) {
          Element scope = child(one, "scope");
          boolean used =
              scope == null || Set.of("compile", "runtime").contains(scope.getTextContent());
          if (used && child(one, "optional") == null) {
            all.add(
                child(one, "groupId").getTextContent()
                    + ":"
                    + child(one, "artifactId").getTextContent());
          }
        }
      }
    }
    return all;
  }

  private static Element child(Element of, String name) {
    for (Node node = of.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        return element;
      }
    }
    return null;
  }

  @ParameterizedTest
  @ValueSource(strings = {"lmstudio-sdk", "lmstudio-simulator"})
  void jar_listsItsLibrariesAndNoneOfTheServer(String artifact) throws Exception {
    Set<String> own = dependencies(Path.of("src/main/poms", artifact + ".xml"));
    Set<String> others = dependencies(Path.of("pom.xml"));
    others.removeAll(own);
    Set<String> listed = listed(artifact + "/THIRD-PARTY.txt");
    assertThat(listed).containsAll(own).doesNotContainAnyElementsOf(others);
    assertThat(listed("THIRD-PARTY.txt")).containsAll(listed);
  }

  @Test
  void simulator_bringsNothingButJson() throws Exception {
    assertThat(listed("lmstudio-simulator/THIRD-PARTY.txt"))
        .containsExactlyElementsOf(dependencies(Path.of("src/main/poms/lmstudio-simulator.xml")));
  }
}
