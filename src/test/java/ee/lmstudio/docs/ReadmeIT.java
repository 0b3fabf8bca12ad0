package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.server.SharedServer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The README's first request works as it is written. */
@ExtendWith(SharedServer.class)
class ReadmeIT {
  @Test
  @Timeout(60)
  void curlOfTheReadme_streamsAnAnswer(PayaraServer server) throws Exception {
    String curl =
        Readme.blocks("sh").stream()
            .filter(block -> block.startsWith("curl"))
            .findFirst()
            .orElseThrow()
            .replace("http://127.0.0.1:8080/", server.baseUrl().toString());
    ProcessBuilder shell = new ProcessBuilder("bash", "-c", curl);
    shell.environment().put("TOKEN", PayaraServer.ALICE);
    shell.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = shell.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(printed).startsWith("retry: 1000\n\nid: 1\nevent: started\n");
    assertThat(printed).contains("event: delta").contains("event: completed");
  }
}
