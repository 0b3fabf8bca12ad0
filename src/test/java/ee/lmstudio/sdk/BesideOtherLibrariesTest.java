package ee.lmstudio.sdk;

import static ee.lmstudio.simulator.socket.Script.respondWithEvents;
import static ee.lmstudio.simulator.socket.Script.respondWithJson;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.simulator.socket.SocketSimulator;
import jakarta.json.spi.JsonProvider;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.ext.RuntimeDelegate;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that has other implementations of JAX-RS and JSON-P before the SDK on its class path,
 * and no SLF4J provider. It runs in a JVM of its own, since a JVM looks each of them up only once.
 */
@Timeout(120)
class BesideOtherLibrariesTest {
  private static final String HELLO =
      """
      data: {"choices":[{"delta":{"content":"Hello"}}]}

      data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

      data: [DONE]

      """;

  @TempDir private Path first;

  @Test
  void otherImplementationsAreFirstOnTheClassPath_nothingChanges() throws Exception {
    serve(ClientBuilder.class, ForeignProviders.Clients.class);
    serve(RuntimeDelegate.class, ForeignProviders.Delegate.class);
    serve(JsonProvider.class, ForeignProviders.Json.class);
    assertThat(consoleOf("foreign"))
        .isEqualTo("Clients Delegate Json: Hello of m, downgraded false");
  }

  @Test
  void noSlf4jProvider_consoleHasNoWarning() throws Exception {
    assertThat(consoleOf("plain")).isEqualTo("plain: Hello of m, downgraded false");
  }

  private void serve(Class<?> service, Class<?> provider) throws IOException {
    Path file = first.resolve("META-INF/services").resolve(service.getName());
    Files.createDirectories(file.getParent());
    Files.writeString(file, provider.getName());
  }

  private String consoleOf(String mode) throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("slf4j-jdk14"))
            .collect(joining(File.pathSeparator));
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                first + File.pathSeparator + classPath,
                Program.class.getName(),
                mode)
            .redirectErrorStream(true)
            .start();
    try {
      String console = new String(program.getInputStream().readAllBytes()).strip();
      assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return console;
    } finally {
      program.destroyForcibly();
    }
  }

  /** The other program. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      String before =
          arguments[0].equals("plain")
              ? "plain"
              : ForeignProviders.firstClientBuilder()
                  + " "
                  + RuntimeDelegate.getInstance().getClass().getSimpleName()
                  + " "
                  + JsonProvider.provider().getClass().getSimpleName();
      try (SocketSimulator server = SocketSimulator.scripted();
          LmStudio lmStudio = LmStudio.connect(LmStudioSettings.at(server.url().toString()))) {
        server.enqueue("/api/v1/models", respondWithJson(200, "{\"models\":[]}"));
        server.enqueue(respondWithEvents(HELLO));
        var answer = lmStudio.createChatCompletion(ChatRequest.of("m", "Hi"));
        server.enqueue("/v1/models", respondWithJson(200, "{\"data\":[{\"id\":\"m\"}]}"));
        String listed = lmStudio.listModels(ModelFilter.ALL).models().getFirst().id();
        System.out.printf(
            "%s: %s of %s, downgraded %s%n", before, answer.content(), listed, answer.downgraded());
      }
    }
  }
}
