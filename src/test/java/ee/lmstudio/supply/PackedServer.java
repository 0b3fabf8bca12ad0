package ee.lmstudio.supply;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Finds the jars in the packaged server, {@code lmstudio-ee-microbundle.jar}. */
final class PackedServer {
  /** The WAR in the packaged server. */
  static final String WAR = "MICRO-INF/deploy/ROOT.war";

  private PackedServer() {}

  /** Returns every jar of Payara and of the WAR, but not those that this project builds. */
  static List<PackedJar> jars(Path bundle) throws IOException {
    List<PackedJar> jars = new ArrayList<>();
    try (InputStream in = Files.newInputStream(bundle)) {
      collect("", in, jars);
    }
    return jars;
  }

  private static void collect(String folder, InputStream in, List<PackedJar> jars)
      throws IOException {
    ZipInputStream zip = new ZipInputStream(in);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      String location = folder + entry.getName();
      if (location.equals(WAR)) {
        collect(WAR + "!/", new ByteArrayInputStream(zip.readAllBytes()), jars);
      } else if (location.endsWith(".jar") && !location.contains("/lmstudio-ee-")) {
        jars.add(PackedJar.read(location, zip.readAllBytes()));
      }
    }
  }
}
