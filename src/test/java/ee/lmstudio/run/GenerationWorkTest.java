package ee.lmstudio.run;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a generation tells the SDK about its run. */
class GenerationWorkTest {
  private final List<Object> calls = new ArrayList<>();
  private final SdkContract sdk =
      (SdkContract)
          Proxy.newProxyInstance(
              SdkContract.class.getClassLoader(),
              new Class<?>[] {SdkContract.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("with")) {
                  calls.add(arguments[0]);
                  return proxy;
                }
                calls.add(method.getName());
                return null;
              });

  private CallOptions optionsOf(Optional<StreamRecovery> recovery) {
    new GenerationWork(TestRun.REQUEST, caller -> sdk, recovery, false).run("alice", "r-1", null);
    assertThat(calls).hasSize(2).endsWith("createChatCompletion");
    return (CallOptions) calls.get(0);
  }

  @Test
  void runWithItsOwnRecovery_passesItOn() {
    assertThat(optionsOf(Optional.of(StreamRecovery.OFF)))
        .isEqualTo(
            CallOptions.by("alice", "r-1").toBuilder().streamRecovery(StreamRecovery.OFF).build());
  }

  /** Every dialect can be written from the log, also one that passes chunks on unchanged. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1-stream-plain-include_usage-0.4.24.sse",
        "v1-stream-tool-single-0.4.24-ABRIDGED.sse",
        "v0-stream-tool-0.3.13.sse"
      })
  void recordedStream_isInTheLogByteForByte(String recording) throws IOException {
    String sent = resource("/lm-studio-wire/" + recording);
    Run run = TestRun.of(TestRun.REQUEST, Duration.ofMinutes(1), () -> 1);
    try (SocketSimulator server = SocketSimulator.scripted();
        LmStudio lmStudio =
            LmStudio.connect(LmStudioSettings.builder().baseUrl(server.url()).build())) {
      server.enqueue(Script.respondWithEvents(sent));
      new GenerationWork(TestRun.REQUEST, caller -> lmStudio, Optional.empty(), false)
          .run("alice", "r-1", new RunWriter(run, bytes -> {}, () -> {}));
    }
    assertThat(
            LongStream.rangeClosed(1, run.log().lastCursor())
                .boxed()
                .flatMap(cursor -> run.log().entry(cursor).json().stream()))
        .containsExactlyElementsOf(
            sent.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> line.substring("data: ".length()))
                .toList());
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = GenerationWorkTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void runWithoutItsOwnRecovery_leavesItToTheSettings() {
    assertThat(optionsOf(Optional.empty())).isEqualTo(CallOptions.by("alice", "r-1"));
  }
}
