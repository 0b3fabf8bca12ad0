package ee.lmstudio.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Chunks come back as they were, byte for byte, and most of them take no memory of their own. */
class ChunksTest {
  private final Chunks.Collector collector = new Chunks.Collector();

  private static String chunk(String literal) {
    return "{\"id\":\"c1\", \"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + literal
        + "\"},\"vendor\":[1]}]}";
  }

  private static StreamEvent piece(String text) {
    return new StreamEvent.Piece(Delta.ofContent(text));
  }

  private Chunks take(StreamEvent event, String... json) {
    List.of(json).forEach(collector::add);
    Chunks taken = collector.take(event);
    assertThat(taken.json(event)).containsExactly(json);
    return taken;
  }

  @Test
  void chunksOfOneForm_areKeptAsTheirForm() {
    assertThat(take(piece("Hello"), chunk("Hello")).bytes()).isPositive();
    Chunks second = take(piece(" you"), chunk(" you"));
    assertThat(second.bytes()).isZero();
    assertThat(take(piece("\n\"\\\t\u0001"), chunk("\\n\\\"\\\\\\t\\u0001"))).isSameAs(second);
    assertThat(take(piece("\uD83D\uDE00 \u00e9"), chunk("\uD83D\uDE00 \u00e9"))).isSameAs(second);
  }

  @Test
  void reasoning_hasAFormToo() {
    StreamEvent thought = new StreamEvent.Piece(new Delta("", "hm", JsonValue.EMPTY_JSON_ARRAY));
    take(thought, chunk("hm"));
    assertThat(take(thought, chunk("hm")).bytes()).isZero();
  }

  @Test
  void textThatTheServerEscapesInAnotherWay_isKeptWhole() {
    take(piece("a"), chunk("a"));
    take(piece("b"), chunk("b"));
    assertThat(take(piece("\u00e9"), chunk("\\u00e9")).bytes()).isPositive();
    assertThat(take(piece("/"), chunk("\\/")).bytes()).isPositive();
  }

  @Test
  void formThatChangesEachTime_isNotKept() {
    for (int i = 0; i < 5; i++) {
      assertThat(take(piece("a"), chunk("a").replace("c1", "c" + i)).form()).isNull();
    }
  }

  @Test
  void textThatIsShownInAnotherWay_isKeptWhole() {
    take(piece("a"), chunk("a"));
    take(piece("b"), chunk("b"));
    Chunks split = take(piece("visible"), chunk("</think>visible"));
    assertThat(split.whole()).hasSize(1);
    StreamEvent both = new StreamEvent.Piece(new Delta("a", "b", JsonValue.EMPTY_JSON_ARRAY));
    assertThat(take(both, chunk("b</think>a")).whole()).hasSize(1);
  }

  @Test
  void chunksWithoutAPiece_goWithTheNextEntry() {
    String role = "{\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}";
    assertThat(take(piece("a"), role, chunk("a")).whole()).hasSize(2);
    take(piece("b"), chunk("b"));
    StreamEvent end = new StreamEvent.Cancelled(CancelledBy.CLIENT);
    assertThat(take(end, "{\"choices\":[]}", "{\"usage\":{}}").whole()).hasSize(2);
    assertThat(take(new StreamEvent.Downgraded(new Downgrade("break", 1)))).isSameAs(Chunks.NONE);
  }

  @Property
  void anyTexts_comeBackEqual(@ForAll List<String> texts) {
    Chunks.Collector any = new Chunks.Collector();
    List<String> sent = new ArrayList<>();
    List<String> read = new ArrayList<>();
    for (String text : texts) {
      String json =
          Json.createObjectBuilder()
              .add("x", 1)
              .add("content", text)
              .add("y", 2)
              .build()
              .toString();
      any.add(json);
      sent.add(json);
      StreamEvent event = piece(text);
      read.addAll(any.take(event).json(event));
    }
    assertThat(read).isEqualTo(sent);
  }

  @Test
  void writtenToALog_showsNoText() {
    take(piece("secret"), chunk("secret"));
    Chunks second = take(piece("canary"), chunk("canary"));
    assertThat(second + " " + new Chunks(List.of(chunk("canary")), null))
        .doesNotContain("canary")
        .doesNotContain("vendor");
  }
}
