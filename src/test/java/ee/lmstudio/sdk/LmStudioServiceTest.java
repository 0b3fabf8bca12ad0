package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LmStudioServiceTest {
  private static void withSimulator(Consumer<LmStudioService> test) {
    SimulatorSettings fast = SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED);
    try (SocketSimulator server = SocketSimulator.start(fast);
        LmStudio sdk = LmStudio.connect(LmStudioSettings.at(server.url().toString()))) {
      test.accept(new LmStudioService(sdk));
    }
  }

  @Test
  void ask_answersTheSameForTheSamePrompt() {
    withSimulator(
        service -> {
          String answer = service.ask("sim-chat", "Why is the sky blue?");
          assertThat(answer).isNotBlank().isEqualTo(service.ask("Why is the sky blue?"));
        });
  }

  @Test
  void stream_showsTheAnswerPieceByPiece() {
    withSimulator(
        service -> {
          List<String> pieces = new ArrayList<>();
          String whole = service.stream("Tell me a story.", pieces::add).content();
          assertThat(pieces).hasSizeGreaterThan(1).doesNotContain("");
          assertThat(String.join("", pieces)).isEqualTo(whole);
        });
  }

  @Test
  void streamThatBreaksAfterText_failsInsteadOfBeginningAnew() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.defaultModel("m"))) {
      lmStudio.answering(
          Script.respondWithEvents(Chunks.text("half")),
          Script.respondWithEvents(Chunks.text("other") + Chunks.end()));
      StringBuilder shown = new StringBuilder();
      LmStudioService service = new LmStudioService(lmStudio.sdk);
      assertThatThrownBy(() -> service.stream("Hello", shown::append))
          .isInstanceOf(StreamingException.class)
          .hasMessageContaining("broke after text");
      assertThat(shown).hasToString("half");
    }
  }

  @Test
  void embed_givesAVectorForEachText() {
    withSimulator(service -> assertThat(service.embed(List.of("a", "b", "c"))).hasSize(3));
  }

  @Test
  void usableModels_areThoseThatAnswerPromptsLoadedOnesFirst() {
    withSimulator(
        service ->
            assertThat(service.usableModels())
                .extracting(ModelSummary::id)
                .containsExactly("sim-chat", "sim-reasoner", "sim-slow"));
  }
}
