package ee.lmstudio.supply;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * The SBOM lists what the packaged artifacts contain. Maven's offline mode writes no SBOM, because
 * CycloneDX's plugin does not run in it.
 */
@DisabledIfSystemProperty(named = "sbom.state", matches = "skipped=true")
class SbomIT {
  private static final Path BUNDLE = Path.of(System.getProperty("bundle"));

  private static List<JsonObject> components;

  @BeforeAll
  static void read() throws Exception {
    Path file = Path.of(System.getProperty("sbom"));
    try (JsonReader reader = Json.createReader(Files.newInputStream(file))) {
      components = reader.readObject().getJsonArray("components").getValuesAs(JsonObject.class);
    }
  }

  private static Set<String> places() {
    return components.stream()
        .filter(component -> component.containsKey("evidence"))
        .flatMap(
            component ->
                component
                    .getJsonObject("evidence")
                    .getJsonArray("occurrences")
                    .getValuesAs(JsonObject.class)
                    .stream())
        .map(place -> place.getString("location"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static JsonObject component(String group, String name) {
    return components.stream()
        .filter(
            one -> one.getString("group", "").equals(group) && one.getString("name").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no component " + group + ":" + name));
  }

  private static Set<String> jars(Path archive, String folder) throws Exception {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      return zip.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(folder) && name.endsWith(".jar"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void everyLibraryOfTheWar_isListedWithItsPlace() throws Exception {
    Set<String> libraries = jars(Path.of(System.getProperty("war")), "WEB-INF/lib/");

    assertThat(libraries).isNotEmpty();
    assertThat(places())
        .containsAll(libraries.stream().map(name -> PackedServer.WAR + "!/" + name).toList());
  }

  @Test
  void everyJarOfPayara_isListedWithItsPlace() throws Exception {
    Set<String> jars = jars(BUNDLE, "MICRO-INF/");
    jars.remove("MICRO-INF/runtime/lmstudio-ee-door.jar");

    assertThat(jars).hasSizeGreaterThan(200);
    assertThat(places()).containsAll(jars);
  }

  @Test
  void places_existInThePackagedServer() throws Exception {
    Set<String> jars = jars(BUNDLE, "");
    jars(Path.of(System.getProperty("war")), "").stream()
        .map(name -> PackedServer.WAR + "!/" + name)
        .forEach(jars::add);
    jars.add("MICRO-INF");

    assertThat(jars).containsAll(places());
  }

  @Test
  void payara_isListedWithItsVersionAndItsMainParts() {
    assertThat(component("fish.payara.extras", "payara-micro").getString("version"))
        .isEqualTo(System.getProperty("payara.version"));
    assertThat(component("org.glassfish.grizzly", "grizzly-http").getString("version"))
        .matches("5\\..+");
    assertThat(component("com.hazelcast", "hazelcast").getString("version")).startsWith("5.");
    assertThat(component("org.glassfish", "jakarta.faces").getString("version")).startsWith("4.");
    assertThat(component("tools.jackson.core", "jackson-databind").getString("version"))
        .as("a library that is packed into Hazelcast's jar")
        .startsWith("3.");
  }

  @Test
  void hashOfAJar_isThatOfTheFile() throws Exception {
    try (ZipFile zip = new ZipFile(BUNDLE.toFile())) {
      byte[] file =
          zip.getInputStream(zip.getEntry("MICRO-INF/runtime/hazelcast.jar")).readAllBytes();
      byte[] hash = java.security.MessageDigest.getInstance("SHA-256").digest(file);

      assertThat(component("com.hazelcast", "hazelcast").getJsonArray("hashes").toString())
          .contains(HexFormat.of().formatHex(hash));
    }
  }

  @Test
  void references_areUnique() {
    List<String> references =
        components.stream().map(component -> component.getString("bom-ref")).toList();

    assertThat(references).doesNotHaveDuplicates();
  }

  @Test
  void acceptedLicences_areThoseOfTheDocument() throws Exception {
    String page = Files.readString(Path.of("docs/operations/supply-chain.md"));
    Set<String> stated =
        components.stream()
            .flatMap(component -> ServerSbom.licencesOf(component).stream())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(stated).allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
    assertThat(
            Stream.of(page.split("\n"))
                .filter(line -> line.matches("\\| `[^`]+` \\| yes.*"))
                .map(line -> line.split("`")[1]))
        .containsExactlyInAnyOrderElementsOf(LicenceNames.ACCEPTED);
  }
}
