package ee.lmstudio.supply;

import ee.lmstudio.supply.PackedJar.Library;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonWriter;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A step of the build: adds Payara Micro and every jar in the packaged server to the SBOM that
 * CycloneDX's plugin wrote of Maven's dependencies, and writes the licence report.
 */
public final class ServerSbom {
  private static final String SHA_256 = "SHA-256";

  private final Map<String, JsonObject> components = new LinkedHashMap<>();

  /** The references of Maven's dependencies by the hashes of their files. */
  private final Map<String, String> references = new HashMap<>();

  private final Map<String, Set<String>> occurrences = new LinkedHashMap<>();
  private final Map<String, Set<String>> dependencies = new LinkedHashMap<>();

  private ServerSbom(JsonObject plugin) {
    for (JsonObject component : plugin.getJsonArray("components").getValuesAs(JsonObject.class)) {
      String ref = component.getString("bom-ref");
      components.put(ref, component);
      for (JsonObject hash : component.getJsonArray("hashes").getValuesAs(JsonObject.class)) {
        if (hash.getString("alg").equals(SHA_256)) {
          references.put(hash.getString("content"), ref);
        }
      }
    }
    for (JsonObject one : plugin.getJsonArray("dependencies").getValuesAs(JsonObject.class)) {
      JsonArray on = one.getJsonArray("dependsOn");
      Set<String> refs = dependsOn(one.getString("ref"));
      if (on != null) {
        for (int i = 0; i < on.size(); i++) {
          refs.add(on.getString(i));
        }
      }
    }
  }

  /**
   * Arguments: the plugin's SBOM, the packaged server, Payara Micro's jar, its version, the SBOM to
   * write, and the licence report to write.
   */
  public static void main(String[] args) throws IOException {
    Path ofDependencies = Path.of(args[0]);
    if (!Files.exists(ofDependencies)) {
      System.out.println("No SBOM: CycloneDX's plugin does not run in Maven's offline mode (-o).");
      return;
    }
    JsonObject plugin;
    try (JsonReader reader = Json.createReader(Files.newInputStream(ofDependencies))) {
      plugin = reader.readObject();
    }
    ServerSbom sbom = new ServerSbom(plugin);
    String root = plugin.getJsonObject("metadata").getJsonObject("component").getString("bom-ref");
    sbom.addServer(root, Path.of(args[1]), Path.of(args[2]), args[3]);
    sbom.write(plugin, Path.of(args[4]));
    Files.writeString(Path.of(args[5]), sbom.licenceReport());
    List<String> refused = sbom.refused();
    if (!refused.isEmpty()) {
      System.err.println("No accepted licence (LicenceNames.ACCEPTED): " + refused);
      System.exit(1);
    }
  }

  /** Returns the components that state licences, but none that this project accepts. */
  private List<String> refused() {
    return components.values().stream()
        .filter(component -> !licencesOf(component).isEmpty())
        .filter(component -> Collections.disjoint(licencesOf(component), LicenceNames.ACCEPTED))
        .map(component -> component.getString("bom-ref") + " " + licencesOf(component))
        .toList();
  }

  private void addServer(String root, Path bundle, Path micro, String version) throws IOException {
    Library payara =
        new Library("fish.payara.extras", "payara-micro", version, Set.of(LicenceNames.PAYARA));
    String payaraRef = add(payara, Files.readAllBytes(micro), "MICRO-INF");
    dependsOn(root).add(payaraRef);
    for (PackedJar jar : PackedServer.jars(bundle)) {
      List<Library> libraries = jar.libraries();
      String ref = add(libraries.getFirst(), jar.bytes(), jar.location());
      dependsOn(jar.location().startsWith(PackedServer.WAR) ? root : payaraRef).add(ref);
      for (Library packed : libraries.subList(1, libraries.size())) {
        dependsOn(ref).add(add(packed, null, jar.location()));
      }
    }
  }

  private Set<String> dependsOn(String ref) {
    return dependencies.computeIfAbsent(ref, key -> new LinkedHashSet<>());
  }

  /**
   * Adds a component, or only its place if a component has the same coordinates or is the same
   * file. Returns its reference.
   *
   * @param bytes the file; null if the library is a part of a jar
   */
  private String add(Library library, byte[] bytes, String location) {
    String hash = bytes == null ? null : sha256(bytes);
    String ref = library.group().isEmpty() ? location : library.purl();
    if (hash != null) {
      ref = references.getOrDefault(hash, ref);
    }
    if (!components.containsKey(ref)) {
      components.put(ref, component(ref, library, hash));
    }
    occurrences.computeIfAbsent(ref, key -> new TreeSet<>()).add(location);
    dependsOn(ref);
    return ref;
  }

  private static JsonObject component(String ref, Library library, String hash) {
    JsonObjectBuilder component =
        Json.createObjectBuilder().add("type", "library").add("bom-ref", ref);
    if (!library.group().isEmpty()) {
      component.add("group", library.group());
    }
    component.add("name", library.artifact());
    if (!library.version().isEmpty()) {
      component.add("version", library.version());
    }
    component.add("scope", "required");
    if (hash != null) {
      JsonObjectBuilder sha = Json.createObjectBuilder().add("alg", SHA_256).add("content", hash);
      component.add("hashes", Json.createArrayBuilder().add(sha));
    }
    if (!library.licences().isEmpty()) {
      component.add("licenses", licences(library.licences()));
    }
    if (!library.group().isEmpty()) {
      component.add("purl", ref);
    }
    return component.build();
  }

  private static JsonArrayBuilder licences(Set<String> names) {
    JsonArrayBuilder licences = Json.createArrayBuilder();
    for (String name : names) {
      String field = LicenceNames.isSpdx(name) ? "id" : "name";
      licences.add(
          Json.createObjectBuilder().add("license", Json.createObjectBuilder().add(field, name)));
    }
    return licences;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(SHA_256).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(JsonObject plugin, Path file) throws IOException {
    JsonArrayBuilder all = Json.createArrayBuilder();
    components.forEach((ref, component) -> all.add(withPlaces(component, ref)));
    JsonArrayBuilder graph = Json.createArrayBuilder();
    dependencies.forEach(
        (ref, on) ->
            graph.add(
                Json.createObjectBuilder()
                    .add("ref", ref)
                    .add("dependsOn", Json.createArrayBuilder(on))));
    JsonObject sbom =
        Json.createObjectBuilder(plugin).add("components", all).add("dependencies", graph).build();
    Map<String, ?> pretty = Map.of(JsonGenerator.PRETTY_PRINTING, true);
    try (JsonWriter writer =
        Json.createWriterFactory(pretty).createWriter(Files.newOutputStream(file))) {
      writer.writeObject(sbom);
    }
  }

  private JsonObject withPlaces(JsonObject component, String ref) {
    Set<String> places = occurrences.get(ref);
    if (places == null) {
      return component;
    }
    JsonArrayBuilder list = Json.createArrayBuilder();
    places.forEach(place -> list.add(Json.createObjectBuilder().add("location", place)));
    return Json.createObjectBuilder(component)
        .add("evidence", Json.createObjectBuilder().add("occurrences", list))
        .build();
  }

  /** Returns the names of the licences of a component; empty if it states none. */
  static Set<String> licencesOf(JsonObject component) {
    Set<String> names = new TreeSet<>();
    if (component.containsKey("licenses")) {
      for (JsonObject one : component.getJsonArray("licenses").getValuesAs(JsonObject.class)) {
        JsonObject licence = one.getJsonObject("license");
        names.add(
            licence == null
                ? one.getString("expression")
                : LicenceNames.of(licence.getString("id", licence.getString("name", ""))));
      }
    }
    return names;
  }

  private String licenceReport() {
    Map<String, List<String>> lines = new TreeMap<>();
    components.forEach(
        (ref, component) -> {
          Set<String> names = licencesOf(component);
          String licence = names.isEmpty() ? "(not stated in the jar)" : String.join(", ", names);
          lines
              .computeIfAbsent(licence, key -> new ArrayList<>())
              .add(
                  component.getString("group", "")
                      + ":"
                      + component.getString("name")
                      + ":"
                      + component.getString("version", "?")
                      + "  "
                      + String.join(" ", occurrences.getOrDefault(ref, Set.of("SDK only"))));
        });
    StringBuilder report = new StringBuilder("Licences of what this project ships\n");
    lines.forEach(
        (licence, found) -> {
          report.append("\n").append(licence).append("\n");
          found.stream().sorted().forEach(line -> report.append("  ").append(line).append("\n"));
        });
    return report.toString();
  }
}
