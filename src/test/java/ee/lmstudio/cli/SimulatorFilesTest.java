package ee.lmstudio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.TokenPermission;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorFilesTest {
  @TempDir Path directory;

  private static String get(SocketSimulator simulator, String path) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", simulator.url().getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void script_answersLineByLineAndThenAsUsual() throws IOException {
    Files.writeString(directory.resolve("one.json"), "{\"recorded\":true}");
    Files.writeString(directory.resolve("two.sse"), "data: 1\n\ndata: [DONE]\n\n");
    Files.writeString(directory.resolve("raw.http.txt"), "HTTP/1.1 299 Odd\r\n\r\nx");
    Path script =
        Files.writeString(
            directory.resolve("script.txt"),
            """
            # comment

            /lmstudio-greeting  status-503
            /lmstudio-greeting  corrupt@2,cut@7
            *                   replay:one.json,cut@5
            *                   replay:two.sse
            /lmstudio-greeting  replay:raw.http.txt
            *                   usual
            """);
    try (SocketSimulator simulator =
        SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED))) {
      SimulatorFiles.enqueue(simulator, script);
      assertThat(get(simulator, "/lmstudio-greeting")).startsWith("HTTP/1.1 503 ");
      assertThat(get(simulator, "/lmstudio-greeting")).endsWith("\r\n\r\n{\"\"mstu");
      assertThat(get(simulator, "/lmstudio-greeting")).isEqualTo("HTTP/1.1 299 Odd\r\n\r\nx");
      assertThat(get(simulator, "/a")).endsWith("\r\n\r\n{\"rec");
      assertThat(get(simulator, "/a"))
          .contains("Content-Type: text/event-stream\r\n")
          .contains("data: [DONE]");
      assertThat(get(simulator, "/a")).endsWith("(GET /a)\"}");
      assertThat(get(simulator, "/a")).endsWith("(GET /a)\"}");
    }
  }

  @Test
  void tokens_haveThePermissionsOfTheirLine() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("tokens.txt"),
            "# who\n"
                + "sk-lm-all\n"
                + "sk-lm-none none\n"
                + "sk-lm-one  plugin\n"
                + "sk-lm-two plugin ephemeral_mcp\n");
    Set<TokenPermission> both = EnumSet.allOf(TokenPermission.class);
    assertThat(SimulatorFiles.withTokens(SimulatorSettings.defaults(), file).apiTokens())
        .isEqualTo(
            Map.of(
                "sk-lm-all",
                both,
                "sk-lm-none",
                Set.of(),
                "sk-lm-one",
                Set.of(TokenPermission.PLUGIN),
                "sk-lm-two",
                both));
  }
}
