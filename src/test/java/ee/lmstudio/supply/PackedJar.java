package ee.lmstudio.supply;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A jar inside the packaged server, and what it says of itself.
 *
 * @param location its path in the packaged server, such as {@code MICRO-INF/runtime/h2.jar}
 * @param bytes the file
 * @param libraries the library that it is, first, and those that were packed into it
 */
record PackedJar(String location, byte[] bytes, List<Library> libraries) {

  /**
   * A library with the coordinates of Maven and the names of the licences that it states. The group
   * is empty if the jar does not state coordinates.
   */
  record Library(String group, String artifact, String version, Set<String> licences) {
    Library(String groupAndArtifact, String version, Set<String> licences) {
      this(groupAndArtifact.split(":")[0], groupAndArtifact.split(":")[1], version, licences);
    }

    String purl() {
      return "pkg:maven/" + group + "/" + artifact + "@" + version + "?type=jar";
    }

    Library with(Set<String> others) {
      return new Library(group, artifact, version, others);
    }
  }

  /** Jars without coordinates of Maven: the symbolic name of the bundle and the coordinates. */
  private static final Map<String, String> BUNDLES =
      Map.of(
          "org.objectweb.asm", "org.ow2.asm:asm",
          "org.objectweb.asm.tree", "org.ow2.asm:asm-tree",
          "org.objectweb.asm.tree.analysis", "org.ow2.asm:asm-analysis",
          "org.objectweb.asm.commons", "org.ow2.asm:asm-commons",
          "org.objectweb.asm.util", "org.ow2.asm:asm-util",
          "com.h2database", "com.h2database:h2",
          "io.projectreactor.reactor-core", "io.projectreactor:reactor-core",
          "reactive-streams", "org.reactivestreams:reactive-streams");

  /**
   * Libraries that Payara packs into jars of its own without their coordinates: a file with the
   * version, its property, and the coordinates.
   */
  private static final List<String[]> REPACKED =
      List.of(
          new String[] {
            "org/glassfish/grizzly/version.properties",
            "grizzly.version",
            "org.glassfish.grizzly:grizzly-framework"
          },
          new String[] {
            "org/glassfish/grizzly/http/util/version.properties",
            "grizzly.version",
            "org.glassfish.grizzly:grizzly-http"
          },
          new String[] {
            "io/opentelemetry/api/version.properties",
            "sdk.version",
            "io.opentelemetry:opentelemetry-api"
          });

  private static final String MAVEN = "META-INF/maven/";

  private static final Pattern LICENCE_OF_POM =
      Pattern.compile("<license>\\s*(?:<!--.*?-->\\s*)?<name>([^<]+)</name>", Pattern.DOTALL);

  /** Reads a jar. */
  static PackedJar read(String location, byte[] bytes) throws IOException {
    Map<String, String> manifest = new HashMap<>();
    List<Properties> stated = new ArrayList<>();
    List<Library> repacked = new ArrayList<>();
    Map<String, Set<String>> licences = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (name.equals("META-INF/MANIFEST.MF")) {
          Attributes main = new Manifest(zip).getMainAttributes();
          main.forEach((key, value) -> manifest.put(key.toString(), value.toString()));
        } else if (name.startsWith(MAVEN) && name.endsWith("/pom.properties")) {
          stated.add(properties(zip));
        } else if (name.startsWith(MAVEN) && name.endsWith("/pom.xml")) {
          String id = name.substring(MAVEN.length(), name.lastIndexOf('/')).replace('/', ':');
          licences.put(id, licencesOfPom(new String(zip.readAllBytes(), UTF_8)));
        } else {
          for (String[] known : REPACKED) {
            if (name.equals(known[0])) {
              String version = properties(zip).getProperty(known[1]);
              repacked.add(new Library(known[2], version, Set.of()));
            }
          }
        }
      }
    }
    List<Library> libraries = new ArrayList<>();
    for (Properties pom : stated) {
      String id = pom.getProperty("groupId") + ":" + pom.getProperty("artifactId");
      libraries.add(
          new Library(id, pom.getProperty("version"), licences.getOrDefault(id, Set.of())));
    }
    libraries = ownFirst(location, manifest, libraries);
    libraries.set(0, withManifest(libraries.getFirst(), manifest));
    libraries.addAll(repacked);
    return new PackedJar(location, bytes, List.copyOf(libraries));
  }

  private static Set<String> licencesOfPom(String pom) {
    return LICENCE_OF_POM
        .matcher(pom)
        .results()
        .map(found -> LicenceNames.of(found.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Library withManifest(Library own, Map<String, String> manifest) {
    Set<String> licences = LicenceNames.ofManifest(manifest);
    if (!licences.isEmpty()) {
      return own.with(licences);
    }
    boolean payara = own.licences().isEmpty() && own.group().startsWith("fish.payara");
    return payara ? own.with(Set.of(LicenceNames.PAYARA)) : own;
  }

  /** Returns the name of the file without its folder and {@code .jar}. */
  static String baseName(String location) {
    return location.substring(location.lastIndexOf('/') + 1).replaceFirst("\\.jar$", "");
  }

  private static List<Library> ownFirst(
      String location, Map<String, String> manifest, List<Library> stated) {
    String base = baseName(location);
    List<Library> sorted = new ArrayList<>(stated);
    Optional<Library> own =
        stated.stream()
            .filter(one -> base.equals(one.artifact()) || base.startsWith(one.artifact() + "-"))
            .max(Comparator.comparingInt(one -> one.artifact().length()));
    if (own.isPresent()) {
      sorted.remove(own.get());
      sorted.addFirst(own.get());
    } else if (stated.size() != 1) {
      sorted.addFirst(ofManifest(base, manifest));
    }
    return sorted;
  }

  private static Library ofManifest(String base, Map<String, String> manifest) {
    String version =
        Optional.ofNullable(manifest.get("Bundle-Version"))
            .or(() -> Optional.ofNullable(manifest.get("Implementation-Version")))
            .map(text -> text.replaceFirst("\\.RELEASE$", ""))
            .orElse("");
    String symbolicName = manifest.getOrDefault("Bundle-SymbolicName", "").split(";")[0];
    String known = BUNDLES.get(symbolicName);
    return known == null
        ? new Library("", base, version, Set.of())
        : new Library(known, version, Set.of());
  }

  private static Properties properties(ZipInputStream zip) throws IOException {
    Properties properties = new Properties();
    properties.load(zip);
    return properties;
  }
}
