package ee.lmstudio.server;

import ee.lmstudio.config.Priorities;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Loads the application's classes on the thread that starts it, before the first request.
 *
 * <p>A virtual thread that loads a class holds its carrier while it waits for the class loader's
 * lock. Under a burst right after the start, all carriers can wait in this way for a virtual thread
 * that owns the lock and has no carrier: then nothing runs any more. Seen in a thread dump, see
 * docs/decisions/0111.
 */
@ApplicationScoped
public class ClassPreload {
  private static final String CLASSES = "/WEB-INF/classes/";
  private static final String LIBRARIES = "/WEB-INF/lib/";
  private static final String SUFFIX = ".class";
  private static final Logger LOG = Logger.getLogger(ClassPreload.class.getName());

  void start(
      @Observes @Priority(Priorities.SETTINGS + 1) @Initialized(ApplicationScoped.class)
          ServletContext context) {
    long begun = System.nanoTime();
    List<String> names = new ArrayList<>();
    addClasses(context, CLASSES, names);
    for (String library : paths(context, LIBRARIES)) {
      addLibrary(context, library, names);
    }
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    int loaded = 0;
    for (String name : names) {
      if (load(name, loader)) {
        loaded++;
      }
    }
    LOG.log(
        Level.FINE,
        "Loaded {0} of {1} classes in {2} ms",
        new Object[] {loaded, names.size(), (System.nanoTime() - begun) / 1_000_000});
  }

  private static Set<String> paths(ServletContext context, String directory) {
    Set<String> paths = context.getResourcePaths(directory);
    return paths == null ? Set.of() : paths;
  }

  private static void addClasses(ServletContext context, String directory, List<String> names) {
    for (String path : paths(context, directory)) {
      if (path.endsWith("/")) {
        addClasses(context, path, names);
      } else {
        addName(path.substring(CLASSES.length()), names);
      }
    }
  }

  private static void addLibrary(ServletContext context, String library, List<String> names) {
    try (InputStream file = context.getResourceAsStream(library);
        JarInputStream jar = new JarInputStream(file, false)) {
      for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
        addName(entry.getName(), names);
      }
    } catch (IOException unreadable) {
      LOG.log(Level.WARNING, "The classes of " + library + " are loaded later", unreadable);
    }
  }

  private static void addName(String file, List<String> names) {
    boolean type = file.endsWith(SUFFIX) && !file.endsWith("-info.class");
    if (type && !file.startsWith("META-INF/")) {
      names.add(file.substring(0, file.length() - SUFFIX.length()).replace('/', '.'));
    }
  }

  /** Libraries have classes for other libraries that are not here; those cannot be loaded. */
  private static boolean load(String name, ClassLoader loader) {
    try {
      return Class.forName(name, false, loader) != null;
    } catch (ClassNotFoundException | LinkageError needsAnotherLibrary) {
      LOG.log(Level.FINEST, "Not loaded: {0}", name);
      return false;
    }
  }
}
