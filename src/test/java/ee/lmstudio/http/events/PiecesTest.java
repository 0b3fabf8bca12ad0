package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.run.TestRun;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.ToolCallAssembler;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Snapshot;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A long frame in pieces is the frame. */
class PiecesTest {
  private static final String FACE = "\uD83D\uDE00";

  /** Returns all pieces as text. */
  static String whole(Pieces pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Pieces.Place at = Pieces.Place.START; !pieces.endsAt(at); ) {
      Pieces.Piece piece = pieces.piece(at);
      assertThat(piece.bytes().length).as("bytes of a piece").isBetween(1, Pieces.PIECE + 5);
      all.writeBytes(piece.bytes());
      at = piece.next();
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** Returns a delta with one tool call whose arguments have this length. */
  static Delta toolCall(int length) {
    return new Delta(
        "",
        "",
        Json.createArrayBuilder()
            .add(
                Json.createObjectBuilder()
                    .add("index", 0)
                    .add("id", "1")
                    .add(
                        "function",
                        Json.createObjectBuilder()
                            .add("name", "f")
                            .add("arguments", "x".repeat(length))))
            .build());
  }

  private static JsonObject json(String text) {
    return Json.createReader(new StringReader(text)).readObject();
  }

  static JsonObject state(TestRun test) {
    return json(whole(EventFields.state(test.run.log(), Snapshot.of(test.run.log()))));
  }

  /** Deltas whose texts are long enough for several pieces, and may divide a surrogate pair. */
  @Provide
  Arbitrary<List<Delta>> deltas() {
    Arbitrary<String> bit =
        Arbitraries.of(
            "a", "\n", "\"", "\\", "\u0001", "é", "€", "\u2028", FACE, "\uD83D", "\uDE00");
    Arbitrary<String> text =
        Combinators.combine(bit.list().ofMaxSize(12), Arbitraries.of(0, 1, 3, 700))
            .as((bits, times) -> String.join("", bits).repeat(times));
    Arbitrary<JsonArray> calls =
        Combinators.combine(
                Arbitraries.integers().between(0, 3), Arbitraries.of("", "{\"a\":", "1}"))
            .as(
                (index, arguments) ->
                    Json.createArrayBuilder()
                        .add(
                            Json.createObjectBuilder()
                                .add("index", index)
                                .add("id", "id" + index)
                                .add(
                                    "function",
                                    Json.createObjectBuilder()
                                        .add("name", "f" + index)
                                        .add("arguments", arguments)))
                        .build());
    Arbitrary<JsonArray> none = Arbitraries.just(JsonValue.EMPTY_JSON_ARRAY);
    return Combinators.combine(text, text, Arbitraries.oneOf(none, none, calls))
        .as(Delta::new)
        .list()
        .ofMaxSize(12);
  }

  /** The same whether the log is live or packed, and whatever the position of the cuts. */
  @Property(tries = 300)
  void state_isTheSumOfAllEntries(@ForAll("deltas") List<Delta> deltas) {
    TestRun test = new TestRun().open();
    StringBuilder content = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    ToolCallAssembler calls = new ToolCallAssembler();
    for (Delta delta : deltas) {
      test.delta(delta);
      content.append(delta.content());
      reasoning.append(delta.reasoning());
      calls.add(delta.toolCalls());
    }
    JsonArrayBuilder joined = Json.createArrayBuilder();
    calls.calls().forEach(call -> joined.add(call.toJson()));
    JsonArray toolCalls = joined.build();
    JsonObject live = state(test);
    test.complete();
    for (JsonObject state : List.of(live, state(test))) {
      assertThat(state.getString("content")).isEqualTo(content.toString());
      assertThat(state.getString("reasoning")).isEqualTo(reasoning.toString());
      assertThat(state.getJsonArray("tool_calls")).isEqualTo(toolCalls);
    }
  }

  /** With the JSON of a whole string: the bytes must not depend on where a piece ends. */
  @Property(tries = 300)
  void longEntry_isTheFrameOfAShortOne(@ForAll("deltas") List<Delta> deltas) {
    TestRun test = new TestRun().open();
    deltas.forEach(test::delta);
    FrameWriter frames = Dialect.API.writer(test.run.log());
    for (long cursor = 2; cursor <= test.run.log().lastCursor(); cursor++) {
      Entry entry = test.run.log().entry(cursor);
      FrameBuffer atOnce = new FrameBuffer();
      frames.write(entry, atOnce);
      assertThat(whole(frames.pieces(entry)))
          .isEqualTo(new String(atOnce.array(), 0, atOnce.length(), StandardCharsets.UTF_8));
    }
  }

  /** Each of these characters is cut at each of its bytes, if the code can do so at all. */
  @Example
  void everyOffsetOfTheCut_isTheSameText() {
    for (String character : List.of("\n", "\u0001", "é", "€", FACE, "\uDE00")) {
      for (int before = 0; before < 16; before++) {
        String text = "x".repeat(before) + character.repeat(3 * Pieces.PIECE);
        TestRun test = new TestRun().open().text(text);
        assertThat(state(test).getString("content")).isEqualTo(text);
      }
    }
  }

  @Example
  void pairDividedBetweenEntries_isOneCharacter() {
    TestRun test = new TestRun().open().text("a\uD83D");
    test.delta(new Delta("", "reasoning between", JsonValue.EMPTY_JSON_ARRAY)).text("\uDE00b");
    String json = whole(EventFields.state(test.run.log(), Snapshot.of(test.run.log())));
    assertThat(json).contains("\"content\":\"a" + FACE + "b\"");
  }

  @Example
  void reset_leavesOnlyTheTextAfterIt() {
    TestRun test = new TestRun().open().text("old");
    test.reset("break").text("new");
    assertThat(state(test).getString("content")).isEqualTo("new");
  }
}
