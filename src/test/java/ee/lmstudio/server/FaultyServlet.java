package ee.lmstudio.server;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** Does to the packaged server what a defect could do. */
@WebServlet("/faulty/*")
public final class FaultyServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final List<byte[]> KEPT = new ArrayList<>();

  /** Returns a copy of the packaged server whose WAR also contains this servlet. */
  static Path packaged(Path directory) throws IOException {
    Path jar = directory.resolve("faulty.jar");
    Files.copy(Bundle.JAR, jar);
    WebArchive war =
        ShrinkWrap.create(ZipImporter.class, "ROOT.war")
            .importFrom(Path.of(System.getProperty("war")).toFile())
            .as(WebArchive.class)
            .addClass(FaultyServlet.class);
    try (FileSystem files = FileSystems.newFileSystem(jar)) {
      Files.copy(
          war.as(ZipExporter.class).exportAsInputStream(),
          files.getPath("MICRO-INF/deploy/ROOT.war"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    return jar;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    switch (request.getPathInfo()) {
      case "/block" -> block(Integer.parseInt(request.getParameter("until")));
      case "/fill" -> fill();
      default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }

  /** Holds the thread until the listener at this port closes the connection. */
  private static void block(int port) throws IOException {
    try (Socket test = new Socket("127.0.0.1", port)) {
      test.getInputStream().readAllBytes();
    }
  }

  /**
   * Fills the heap until the process ends, and swallows each error as a container does. After the
   * first error, the JVM may still find some memory, which is filled, too.
   */
  @SuppressWarnings("InfiniteLoopStatement")
  private static void fill() {
    while (true) {
      try {
        KEPT.add(new byte[64 * 1024]);
      } catch (OutOfMemoryError full) {
        Thread.onSpinWait();
      }
    }
  }
}
