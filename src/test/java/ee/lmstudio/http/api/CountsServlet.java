package ee.lmstudio.http.api;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Deployed with the tests: how many live objects of each of our classes, threads of each name,
 * sockets and buffers the server holds. Threads that differ by a number only are one name.
 */
@WebServlet("/counts")
public class CountsServlet extends HttpServlet {
  private static final Pattern THREAD = Pattern.compile("^#\\d+ \"([^\"]*)\"", Pattern.MULTILINE);

  /** {@code 12: 345 6789 ee.lmstudio.run.Run}. */
  private static final Pattern OBJECTS =
      Pattern.compile("^ *\\d+: +(\\d+) +\\d+ +(ee\\.lmstudio\\.[\\w.$]+)", Pattern.MULTILINE);

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("application/json");
    response
        .getWriter()
        .print(
            Json.createObjectBuilder()
                .add("objects", json(objects()))
                .add("threads", json(threads()))
                .add("held", held())
                .build());
  }

  private static JsonObjectBuilder json(Map<String, Integer> counts) {
    JsonObjectBuilder json = Json.createObjectBuilder();
    counts.forEach(json::add);
    return json;
  }

  private static Map<String, Integer> threads() throws IOException {
    Path file = Files.createTempFile("threads", ".txt");
    Files.delete(file);
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
      Map<String, Integer> counts = new TreeMap<>();
      Matcher thread = THREAD.matcher(Files.readString(file));
      while (thread.find()) {
        counts.merge(thread.group(1).replaceAll("\\d+", "N"), 1, Integer::sum);
      }
      return counts;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static JsonObjectBuilder held() {
    BufferPoolMXBean direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();
    return Json.createObjectBuilder()
        .add("sockets", sockets())
        .add("direct buffers", direct.getCount())
        .add("heap KiB", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10);
  }

  private static int sockets() {
    int sockets = 0;
    File[] descriptors = new File("/proc/self/fd").listFiles();
    for (File descriptor : descriptors == null ? new File[0] : descriptors) {
      try {
        Path target = Files.readSymbolicLink(descriptor.toPath());
        sockets += target.toString().startsWith("socket:") ? 1 : 0;
      } catch (IOException closedMeanwhile) {
        // It is open no more.
      }
    }
    return sockets;
  }

  /** After a full collection, which the diagnostic command makes. */
  private static Map<String, Integer> objects() throws IOException {
    try {
      String histogram =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "gcClassHistogram",
                      new Object[] {new String[0]},
                      new String[] {String[].class.getName()});
      Map<String, Integer> counts = new TreeMap<>();
      Matcher line = OBJECTS.matcher(histogram);
      while (line.find()) {
        counts.merge(line.group(2), Integer.parseInt(line.group(1)), Integer::sum);
      }
      return counts;
    } catch (JMException e) {
      throw new IOException("No histogram", e);
    }
  }
}
