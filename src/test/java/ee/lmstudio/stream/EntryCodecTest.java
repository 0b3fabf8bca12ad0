package ee.lmstudio.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EntryCodecTest {
  private static final JsonArray CALLS =
      Json.createArrayBuilder().add(Json.createObjectBuilder().add("index", 0)).build();
  private static final JsonObject NUMBERS =
      Json.createObjectBuilder().add("prompt_tokens", 3).add("rate", 1.25).build();

  private static final Chunks CHUNKS =
      new Chunks(List.of("{\"role\":1}", "{}"), new Chunks.Form("{\"content\":\"", "\"}"));

  static Stream<StreamEvent> everyEvent() {
    return Stream.of(
        new StreamEvent.Started(Instant.parse("2026-11-28T10:15:30.123456789Z"), Optional.of("m")),
        new StreamEvent.Started(Instant.EPOCH, Optional.empty()),
        new StreamEvent.Progress(Phase.QUEUED, 17),
        new StreamEvent.Piece(Delta.ofContent("text")),
        new StreamEvent.Piece(new Delta("", "thinking \uD83D\uDE00 \u2028", CALLS)),
        new StreamEvent.Piece(new Delta("half \uD83D", "", JsonValue.EMPTY_JSON_ARRAY)),
        new StreamEvent.Reset("break"),
        new StreamEvent.Downgraded(new Downgrade("not_streamed", 2)),
        new StreamEvent.Completed("stop", NUMBERS, NUMBERS, List.of("w1", "w2"), 2, true),
        new StreamEvent.Failed(
            new Failure(
                "rate_limited",
                "message",
                "hint",
                List.of(new Failure.Fault("messages[0].role", "is empty")),
                Optional.of(Duration.ofMillis(1500)),
                Optional.empty())),
        new StreamEvent.Failed(
            new Failure("upstream_error", "", "", List.of(), Optional.empty(), Optional.empty())
                .with(new Failure.Answer(404, "{}"))),
        new StreamEvent.Relayed("response.created", "{\"a\":\n1}"),
        new StreamEvent.Cancelled(CancelledBy.SHUTDOWN));
  }

  private static Entry entry(StreamEvent event) {
    return new Entry(7, "a model", event, Chunks.NONE, 1L << 40);
  }

  @ParameterizedTest
  @MethodSource("everyEvent")
  void everyEvent_comesBackEqual(StreamEvent event) {
    Entry entry = entry(event);
    assertThat(EntryCodec.decode(EntryCodec.encode(entry))).isEqualTo(entry);
    Entry unnamed = new Entry(1, null, event, CHUNKS, 0);
    assertThat(EntryCodec.decode(EntryCodec.encode(unnamed))).isEqualTo(unnamed);
  }

  @Test
  void everyKindOfEvent_isInThisTest() {
    assertThat(everyEvent().map(Object::getClass).distinct().toList())
        .hasSameElementsAs(List.of(StreamEvent.class.getPermittedSubclasses()));
  }

  @Property
  void anyText_comesBackEqual(@ForAll String content, @ForAll String model) {
    Entry entry = new Entry(1, model, new StreamEvent.Piece(Delta.ofContent(content)), CHUNKS, 5);
    assertThat(EntryCodec.decode(EntryCodec.encode(entry))).isEqualTo(entry);
  }

  @ParameterizedTest
  @MethodSource("everyEvent")
  void cutAnywhere_isRefused(StreamEvent event) {
    byte[] whole = EntryCodec.encode(entry(event));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatIllegalArgumentException().isThrownBy(() -> EntryCodec.decode(cut));
    }
  }

  @Test
  void bytesBehindTheEntry_areRefused() {
    byte[] whole = EntryCodec.encode(entry(new StreamEvent.Reset("x")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EntryCodec.decode(Arrays.copyOf(whole, whole.length + 1)))
        .withMessageContaining("end of the entry");
  }

  @Test
  void unknownVersion_isNamed() {
    byte[] newer = EntryCodec.encode(entry(new StreamEvent.Reset("x")));
    newer[0] = EntryCodec.VERSION + 1;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EntryCodec.decode(newer))
        .withMessage("Unknown entry format version 3 (this server reads version 2)");
  }
}
