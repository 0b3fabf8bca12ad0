package ee.lmstudio.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An nginx with the configuration of docs/operations/tls-proxy.md, which speaks TLS on 127.0.0.1
 * and is called {@code localhost}.
 */
final class Nginx implements AutoCloseable {
  private static final Path PAGE = Path.of("docs/operations/tls-proxy.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```nginx\n(.*?)```");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Process process;
  private final int port;

  private Nginx(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Skips the calling test with a message if nginx is not installed on this machine. */
  static void assumeInstalled() {
    assumeTrue(
        program().isPresent(),
        "nginx is not installed, so the server is not tested behind a TLS proxy. Install it"
            + " (Debian: apt-get install nginx-light).");
  }

  private static Optional<Path> program() {
    // Debian installs nginx in /usr/sbin, which is in the PATH of root only.
    String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
    return Stream.of(path.split(File.pathSeparator))
        .map(folder -> Path.of(folder, "nginx"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts nginx in front of a server, and returns when it accepts connections. */
  static Nginx start(int serverPort, PublicCertificate certificate)
      throws IOException, InterruptedException {
    int port = Bundle.freePort();
    Path folder = Path.of("target", "nginx-" + port).toAbsolutePath();
    Files.createDirectories(folder);
    certificate.write(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
    Files.writeString(folder.resolve("nginx.conf"), configuration(port, serverPort, folder));
    Path log = folder.resolve("nginx.log");
    Process process =
        new ProcessBuilder(
                program().orElseThrow().toString(),
                "-e",
                "stderr",
                "-p",
                folder.toString(),
                "-c",
                folder.resolve("nginx.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Nginx nginx = new Nginx(process, port);
    nginx.awaitStart(log);
    return nginx;
  }

  /** Returns the documented text in the frame that every nginx.conf needs. */
  private static String configuration(int port, int serverPort, Path folder) throws IOException {
    // If nginx is started by root, its workers otherwise run as a user who cannot write to the
    // folder.
    String user = System.getProperty("user.name").equals("root") ? "user root;" : "";
    String folders =
        Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            .map(name -> "  %s_temp_path %s;\n".formatted(name, folder.resolve(name)))
            .reduce("", String::concat);
    return """
    %s
    daemon off; worker_processes 1; pid nginx.pid; error_log stderr;
    events { worker_connections 256; }
    http {
      access_log off;
    %s
    %s
    }
    """
        .formatted(user, folders, documented(port, serverPort, folder));
  }

  private static String documented(int port, int serverPort, Path folder) throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(PAGE));
    assertThat(block.find()).as("a block of nginx in %s", PAGE).isTrue();
    String text = block.group(1);
    Map<String, String> here =
        Map.of(
            "server 127.0.0.1:8080;",
            "server 127.0.0.1:" + serverPort + ";",
            "listen 443 ",
            "listen 127.0.0.1:" + port + " ",
            "server_name ai.example.org;",
            "server_name localhost;",
            "/etc/ssl/certs/ai.example.org.pem",
            folder.resolve("certificate.pem").toString(),
            "/etc/ssl/private/ai.example.org.key",
            folder.resolve("key.pem").toString());
    for (Map.Entry<String, String> value : here.entrySet()) {
      assertThat(text).containsOnlyOnce(value.getKey());
      text = text.replace(value.getKey(), value.getValue());
    }
    return text;
  }

  private void awaitStart(Path log) throws IOException, InterruptedException {
    for (long end = System.nanoTime() + LIMIT.toNanos(); System.nanoTime() - end < 0; ) {
      if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
        break;
      }
      try (Socket connected = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(connected.isConnected()).isTrue();
        return;
      } catch (ConnectException notYet) {
        // The loop tries again until the limit.
      }
    }
    close();
    throw new AssertionError("nginx did not start: " + Files.readString(log));
  }

  int port() {
    return port;
  }

  /** Returns the origin under which clients know the server. */
  String origin() {
    return "https://localhost:" + port;
  }

  /** Returns the public address of {@code path}, which begins with a slash. */
  URI url(String path) {
    return URI.create(origin() + path);
  }

  /** Stops nginx and its workers. */
  @Override
  public void close() {
    List<ProcessHandle> workers = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        workers.forEach(ProcessHandle::destroyForcibly);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
