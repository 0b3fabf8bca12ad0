package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.DONE;
import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.finish;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.simulator.socket.Script.respondWithEvents;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.simulator.socket.Script;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which chunks an observer gets, and when. */
@Timeout(120)
class PassedChunksTest {
  private final ScriptedLmStudio lmStudio = new ScriptedLmStudio();

  @AfterEach
  void close() {
    lmStudio.close();
  }

  private Outcome read(String stream) {
    Outcome outcome = lmStudio.answering(respondWithEvents(stream)).chat();
    assertThat(outcome.posted()).isEqualTo(1);
    return outcome;
  }

  @Test
  void chunks_arePassedOnWholeBeforeTheirDeltas() {
    String usage =
        "{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2},\"x\":1}";
    String odd = "{\"choices\":[{\"delta\":{\"content\":\"a\",\"vendor\":[1]}}],  \"y\":{}}";
    Outcome outcome =
        read("data: " + odd + "\n\n" + finish("stop") + "data: " + usage + "\n\n" + DONE);
    assertThat(outcome.observer().chunks)
        .containsExactly(odd, finish("stop").substring(6).strip(), usage);
  }

  @Test
  void chunksOfABrokenAttemptWithoutText_areNotPassedOn() {
    String role = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"},\"n\":%d}]}\n\n";
    Outcome outcome =
        lmStudio
            .answering(
                Script.respondWithEvents(role.formatted(1)),
                Script.respondWithEvents(role.formatted(2) + text("a") + end()))
            .chat();
    assertThat(outcome.observer().chunks.get(0)).contains("\"n\":2");
    assertThat(outcome.observer().chunks.get(1)).contains("\"a\"");
    assertThat(outcome.answer().attempts()).isEqualTo(2);
  }

  @Test
  void chunksThatSayHowItEnded_areHeldAfterAnyNumberOfOthers() {
    String silent = "data: {\"choices\":[],\"object\":\"" + "x".repeat(4000) + "\"}\n\n";
    String usage = "{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}";
    Outcome outcome =
        read(text("a") + silent.repeat(500) + finish("stop") + "data: " + usage + "\n\n" + DONE);
    List<String> chunks = outcome.observer().chunks;
    assertThat(chunks.get(chunks.size() - 2)).contains("\"finish_reason\":\"stop\"");
    assertThat(chunks.get(chunks.size() - 1)).isEqualTo(usage);
  }

  @Test
  void endlessChunksWithoutText_areNotAllHeld() {
    String silent = "data: {\"choices\":[],\"object\":\"" + "x".repeat(4000) + "\"}\n\n";
    Outcome outcome = read(silent.repeat(1000) + text("a") + end());
    assertThat(outcome.observer().chunks).hasSizeBetween(200, 300);
    assertThat(outcome.answer().content()).isEqualTo("a");
  }
}
