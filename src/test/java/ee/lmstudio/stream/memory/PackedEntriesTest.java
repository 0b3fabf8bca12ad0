package ee.lmstudio.stream.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import ee.lmstudio.run.TestRun;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.stream.Chunks;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Phase;
import ee.lmstudio.stream.StreamEvent;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packing an ended log does not change the entries that are read. */
class PackedEntriesTest {
  private static final JsonArray CALL =
      Json.createArrayBuilder().add(Json.createObjectBuilder().add("index", 0)).build();
  private static final List<Chunks> CHUNKS =
      List.of(
          Chunks.NONE,
          new Chunks(List.of(), new Chunks.Form("{\"content\":\"", "\"}")),
          new Chunks(List.of(), new Chunks.Form("{\"text\":\"", "\"}")),
          new Chunks(List.of("{\"role\":\"assistant\"}"), null));
  private final MemoryStreamLog log = TestRun.emptyLog();

  private void begin() {
    log.append("asked", new StreamEvent.Started(Instant.EPOCH, Optional.of("asked")));
  }

  private void end() {
    log.append("answers", TestRun.COMPLETED);
  }

  private List<Entry> entries() {
    return LongStream.rangeClosed(1, log.lastCursor()).mapToObj(log::entry).toList();
  }

  private void assertPackedAlike() {
    List<Entry> before = new ArrayList<>(entries());
    log.compact();
    assertThat(entries()).isEqualTo(before);
    assertThat(log.ended()).isTrue();
    assertThat(log.append("answers", new StreamEvent.Reset("late"))).isEmpty();
  }

  @Test
  void textOfOneModel_isTheSame() {
    begin();
    for (String piece : List.of("One", " two", "\uD83D\uDE00", "\uD83D", "\uDE00 three")) {
      log.append("answers", new StreamEvent.Piece(Delta.ofContent(piece)));
    }
    end();
    assertPackedAlike();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyMixture_isTheSame(long seed) {
    Random random = new Random(seed);
    begin();
    for (int i = 0; i < 300; i++) {
      String model = random.nextInt(10) == 0 ? "another" : "answers";
      String text = "x".repeat(random.nextInt(4));
      log.append(
          random.nextInt(50) == 0 ? null : model,
          switch (random.nextInt(8)) {
            case 0 -> new StreamEvent.Piece(new Delta("", "y" + text, JsonValue.EMPTY_JSON_ARRAY));
            case 1 -> new StreamEvent.Piece(new Delta(text, text, JsonValue.EMPTY_JSON_ARRAY));
            case 2 -> new StreamEvent.Piece(new Delta(text, "", CALL));
            case 3 -> new StreamEvent.Reset("break");
            case 4 -> new StreamEvent.Progress(Phase.LOADING_MODEL, 0);
            default -> new StreamEvent.Piece(Delta.ofContent("z" + text));
          },
          CHUNKS.get(i / 20 % CHUNKS.size()));
    }
    end();
    assertPackedAlike();
  }

  @Test
  void onlyBeginningAndEnd_areTheSame() {
    begin();
    end();
    assertPackedAlike();
  }

  @Test
  void manyTokens_costATenth() {
    begin();
    for (int i = 0; i < 10_000; i++) {
      log.append("answers", new StreamEvent.Piece(Delta.ofContent(" t" + i)), CHUNKS.get(1));
    }
    end();
    long before = RetainedSize.of(log);
    long saved = log.compact();
    long after = RetainedSize.of(log);
    assertThat(after).isLessThan(before / 10);
    assertThat(saved).as("estimate").isCloseTo(before - after, withinPercentage(15));
  }
}
