package ee.lmstudio.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.test.spi.LifecycleMethodExecutor;
import org.jboss.arquillian.test.spi.TestRunnerAdaptor;
import org.jboss.arquillian.test.spi.TestRunnerAdaptorBuilder;

/**
 * A Payara Micro process of its own with the built WAR in it, on 127.0.0.1, started by Arquillian.
 *
 * <p>By default it runs as {@code local}, uses the built-in simulator, has the context root {@code
 * /ai} and the callers {@link #ALICE}, {@link #BOB} and {@link #ADMIN}. A start takes about ten
 * seconds, so share a server ({@link SharedServer}) unless the test needs its own settings.
 *
 * <pre>{@code
 * try (var server = PayaraServer.builder().config("lm-studio.base-url", url).start()) { … }
 * }</pre>
 */
public final class PayaraServer implements AutoCloseable {

  /** Access token of a caller. */
  public static final String ALICE = "alice-7d0c1f2e9a";

  /** Access token of another caller. */
  public static final String BOB = "bob-41b8e63c05";

  /** Access token of an admin. */
  public static final String ADMIN = "admin-c95a0e7f13";

  /** Arquillian gives up after 90 s (arquillian.xml). */
  private static final int HANGS_AFTER_SECONDS = 75;

  private static final UnpackedServer UNPACKED =
      new UnpackedServer(
          Path.of(System.getProperty("micro.jar")),
          "fish.payara.micro.impl.PayaraMicroImpl",
          "--nohazelcast",
          "--disablephonehome",
          "--prebootcommandfile",
          System.getProperty("server.config") + "/pre-boot-commands.txt",
          "--deploy",
          System.getProperty("war"));

  private final TestRunnerAdaptor arquillian;
  private final URI baseUrl;
  private final Path log;

  private PayaraServer(TestRunnerAdaptor arquillian, URI baseUrl, Path log) {
    this.arquillian = arquillian;
    this.baseUrl = baseUrl;
    this.log = log;
  }

  /** Returns a builder with the defaults that the class comment names. */
  public static Builder builder() {
    return new Builder();
  }

  /** The address of the deployed WAR, with a trailing slash: {@code http://127.0.0.1:port/ai/}. */
  public URI baseUrl() {
    return baseUrl;
  }

  /** Returns the address of {@code path}, which has no leading slash, below the base URL. */
  public URI url(String path) {
    return baseUrl.resolve(path);
  }

  /** Returns the log of the server so far. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException("log of " + baseUrl, e);
    }
  }

  /** Stops the process. */
  @Override
  public void close() {
    try {
      arquillian.afterClass(WarDeployment.class, LifecycleMethodExecutor.NO_OP);
      arquillian.afterSuite();
    } catch (Exception e) {
      throw new IllegalStateException("Payara Micro did not stop: " + baseUrl, e);
    } finally {
      arquillian.shutdown();
    }
  }

  /** Builds and starts a server. */
  public static final class Builder {
    private final Map<String, String> config = new LinkedHashMap<>();
    private String contextRoot = "ai";
    private Class<?>[] testClasses = {};

    private Builder() {
      config("lm-studio.listen-address", "127.0.0.1");
      config("app.env", "local");
      config("lm-studio.simulator", "true");
      config("lm-studio.warm-up", "0s");
      config(
          "lm-studio.access-tokens",
          "alice:" + ALICE + ",bob:" + BOB + ",root:" + ADMIN + ":admin");
    }

    /** Sets a MicroProfile Config property; a null value takes one of the defaults away. */
    public Builder config(String property, String value) {
      if (value == null) {
        config.remove(property);
      } else {
        config.put(property, value);
      }
      return this;
    }

    /** Default {@code ai}; empty deploys at {@code /}. */
    public Builder contextRoot(String value) {
      contextRoot = value;
      return this;
    }

    /** Classes of the test to deploy too, such as a CDI observer and a resource that shows it. */
    public Builder testClasses(Class<?>... value) {
      testClasses = value.clone();
      return this;
    }

    String contextRoot() {
      return contextRoot;
    }

    Class<?>[] testClasses() {
      return testClasses;
    }

    /** Starts the process and returns when the WAR is deployed. */
    public PayaraServer start() {
      try {
        return startProcess();
      } catch (Exception e) {
        throw new IllegalStateException("Payara Micro did not start, see target/payara", e);
      }
    }

    private PayaraServer startProcess() throws Exception {
      synchronized (PayaraServer.class) {
        int port = freePort();
        Path directory = Files.createDirectories(Path.of("target", "payara", "" + port));
        Path log = directory.resolve("server.log.0").toAbsolutePath();
        config.putIfAbsent(
            "lm-studio.storage-dir", directory.resolve("storage").toAbsolutePath().toString());
        write(directory.resolve("config.properties"));
        UNPACKED.prepare();
        UnpackedServer.copy(UNPACKED.configuration(), directory.resolve("root/config"));

        // Read by arquillian.xml.
        System.setProperty("server.port", "" + port);
        System.setProperty("server.directory", directory.toAbsolutePath().toString());
        System.setProperty("server.launcher", UNPACKED.launcher().toString());
        System.setProperty("server.java", String.join(" ", UNPACKED.options()));
        WarDeployment.of(this);
        TestRunnerAdaptor arquillian = TestRunnerAdaptorBuilder.build();
        CompletableFuture<Void> dump =
            CompletableFuture.runAsync(
                () -> dumpThreads(directory),
                CompletableFuture.delayedExecutor(HANGS_AFTER_SECONDS, TimeUnit.SECONDS));
        try {
          arquillian.beforeSuite();
          arquillian.beforeClass(WarDeployment.class, LifecycleMethodExecutor.NO_OP);
        } finally {
          dump.cancel(false);
        }

        String path = contextRoot.isEmpty() ? "/" : "/" + contextRoot + "/";
        return new PayaraServer(arquillian, URI.create("http://127.0.0.1:" + port + path), log);
      }
    }

    /** Writes the threads of a server that does not start, before Arquillian kills it. */
    private static void dumpThreads(Path directory) {
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      ProcessHandle.current()
          .children()
          .filter(child -> child.info().commandLine().orElse("").contains("" + UNPACKED.launcher()))
          .forEach(
              server -> {
                Path file = directory.resolve("threads-" + server.pid() + ".txt");
                try {
                  new ProcessBuilder(jcmd, "" + server.pid(), "Thread.print", "-l")
                      .redirectErrorStream(true)
                      .redirectOutput(file.toFile())
                      .start()
                      .waitFor(10, TimeUnit.SECONDS);
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException("No thread dump of the server", e);
                }
              });
    }

    private void write(Path file) throws IOException {
      Properties properties = new Properties();
      properties.putAll(config);
      try (Writer writer = Files.newBufferedWriter(file)) {
        properties.store(writer, null);
      }
    }

    private static int freePort() throws IOException {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }
  }
}
