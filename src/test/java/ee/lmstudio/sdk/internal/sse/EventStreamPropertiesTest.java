package ee.lmstudio.sdk.internal.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds of every stream, not only of those that somebody thought of. */
class EventStreamPropertiesTest {
  /** What a server may write of an event, and what a parser must make of it. */
  record Written(String event, String id, List<String> lines) {
    String text(String lineEnd) {
      List<String> fields = new ArrayList<>();
      fields.add(event.isEmpty() ? ": keep-alive" : "event: " + event);
      fields.add("id: " + id);
      lines.forEach(line -> fields.add("data: " + line));
      return String.join(lineEnd, fields) + lineEnd + lineEnd;
    }

    List<String> reported() {
      String name = event.isEmpty() ? "message" : event;
      String parsed = "%s|%s|%s|%s|-1".formatted(name, String.join("\n", lines), id, id);
      return event.isEmpty() ? List.of("comment", parsed) : List.of(parsed);
    }
  }

  /** Pieces that matter to the format, and bytes that should not. */
  @Provide
  Arbitrary<byte[]> streams() {
    Arbitrary<byte[]> words =
        Arbitraries.of(
                "data", "event", "id", "retry", ":", ": ", " ", "\n", "\r", "\r\n", "\n\n", "\0",
                "7", "é", "😀", "\uFEFF", "{}", "[DONE]")
            .map(word -> word.getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(3);
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(9, words), net.jqwik.api.Tuple.of(1, bytes))
        .list()
        .ofMaxSize(60)
        .map(EventStreamPropertiesTest::joined);
  }

  private static byte[] joined(List<byte[]> pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    pieces.forEach(all::writeBytes);
    return all.toByteArray();
  }

  @Property(seed = "1")
  void anyBytesInAnyPieces_sayTheSame(
      @ForAll("streams") byte[] stream,
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 9) Integer> sizes) {
    int[] pieces = sizes.stream().mapToInt(Integer::intValue).toArray();
    assertThat(ParsedEvents.of(stream, pieces))
        .isEqualTo(ParsedEvents.of(stream, Math.max(1, stream.length)));
  }

  @Provide
  Arbitrary<List<Written>> events() {
    Arbitrary<String> text =
        Arbitraries.strings().excludeChars('\n', '\r', '\0').ofMaxLength(12).map(this::encodable);
    Arbitrary<String> named = Arbitraries.of("", "error", "message.delta");
    return Combinators.combine(named, text, text.list().ofMinSize(1).ofMaxSize(3))
        .as(Written::new)
        .list()
        .ofMaxSize(5);
  }

  /** Half of a surrogate pair cannot be written in UTF-8. */
  private String encodable(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  @Property(seed = "1")
  void whatIsWritten_isRead(
      @ForAll("events") List<Written> events,
      @ForAll("lineEnds") String lineEnd,
      @ForAll @IntRange(min = 1, max = 40) int size) {
    StringBuilder stream = new StringBuilder();
    List<String> expected = new ArrayList<>();
    String id = "";
    for (Written event : events) {
      stream.append(event.text(lineEnd));
      expected.addAll(event.reported());
      id = event.id();
    }
    expected.add("end " + id + " -1");
    assertThat(ParsedEvents.of(stream.toString().getBytes(StandardCharsets.UTF_8), size))
        .isEqualTo(expected);
  }

  @Provide
  Arbitrary<String> lineEnds() {
    return Arbitraries.of("\n", "\r", "\r\n");
  }
}
