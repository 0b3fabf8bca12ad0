package ee.lmstudio.sdk.internal.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.sse.SseEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of {@code sse-cases.json}, however the bytes are cut. */
class EventStreamParserTest {
  static Stream<SseCase> cases() {
    return SseCase.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void wholeStream_yieldsTheEventsOfTheStandard(SseCase sse) throws IOException {
    check(sse, sse.bytes());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void streamByteByByte_yieldsTheSame(SseCase sse) throws IOException {
    byte[] all = sse.bytes();
    byte[][] single = new byte[all.length][];
    for (int i = 0; i < all.length; i++) {
      single[i] = new byte[] {all[i]};
    }
    check(sse, single);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void streamCutAnywhere_yieldsTheSame(SseCase sse) throws IOException {
    byte[] all = sse.bytes();
    int last = all.length <= 4096 ? all.length : 0;
    for (int cut = 0; cut <= last; cut++) {
      check(sse, Arrays.copyOf(all, cut), Arrays.copyOfRange(all, cut, all.length));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void eventsComeAsSoonAsTheirBlankLine(SseCase sse) throws IOException {
    Recorder recorder = new Recorder();
    for (int i = 0; i < sse.chunks().size(); i++) {
      recorder.feed(sse.chunks().get(i));
      assertThat(recorder.events).hasSize(sse.eventsAfterChunk().get(i));
    }
  }

  private static void check(SseCase sse, byte[]... pieces) throws IOException {
    Recorder recorder = new Recorder();
    for (byte[] piece : pieces) {
      recorder.feed(piece);
    }
    assertThat(recorder.events).isEqualTo(sse.expected());
    assertThat(recorder.parser.lastEventId()).isEqualTo(sse.finalId());
    assertThat(recorder.parser.retryMillis()).isEqualTo(sse.finalRetry());
  }

  @Test
  void lineOverOneMebibyte_isRefused() throws IOException {
    Recorder recorder = new Recorder();
    byte[] most = new byte[EventStreamParser.MAX_LINE];
    Arrays.fill(most, (byte) 'x');
    recorder.feed(most);
    assertThatThrownBy(() -> recorder.feed("x".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(EventTooLargeException.class)
        .hasMessageContaining("1048576");
  }

  @Test
  void lineOverOneMebibyteInOnePiece_isRefused() {
    byte[] line = new byte[EventStreamParser.MAX_LINE + 2];
    Arrays.fill(line, (byte) 'x');
    line[line.length - 1] = '\n';
    assertThatThrownBy(() -> new Recorder().feed(line)).isInstanceOf(EventTooLargeException.class);
  }

  @Test
  void lineOfOneMebibyte_isRead() throws IOException {
    byte[] line = ("data:" + "x".repeat(EventStreamParser.MAX_LINE - 5) + "\n\n").getBytes();
    Recorder recorder = new Recorder();
    recorder.feed(line);
    assertThat(recorder.events.get(0).data()).hasSize(EventStreamParser.MAX_LINE - 5);
  }

  @Test
  void eventOverFourMebibytes_isRefused() throws IOException {
    Recorder recorder = new Recorder();
    byte[] line = ("data:" + "x".repeat(1 << 19) + "\n").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 7; i++) {
      recorder.feed(line);
    }
    assertThatThrownBy(() -> recorder.feed(line))
        .isInstanceOf(EventTooLargeException.class)
        .hasMessageContaining("4194304");
  }

  @Test
  void byteOrderMark_isLeftOutAtTheBeginningOnly() throws IOException {
    Recorder recorder = new Recorder();
    recorder.feed("\uFEFFdata:a\n\uFEFFdata:b\n\n".getBytes(StandardCharsets.UTF_8));
    assertThat(recorder.events).extracting(SseCase.Expected::data).containsExactly("a");
    assertThat(recorder.others).containsExactly("\uFEFFdata:b");
  }

  @Test
  void unknownLine_isReportedWhole() throws IOException {
    Recorder recorder = new Recorder();
    recorder.feed("ab\nDATA: c\n".getBytes(StandardCharsets.UTF_8));
    assertThat(recorder.others).containsExactly("ab", "DATA: c");
  }

  @Test
  void retryOfAllDigits_isBounded() throws IOException {
    Recorder recorder = new Recorder();
    recorder.feed("retry: 1234567890\n".getBytes(StandardCharsets.UTF_8));
    assertThat(recorder.parser.retryMillis()).isEqualTo(1_234_567_890);
    recorder.feed("retry: 99999999999999999999\n".getBytes(StandardCharsets.UTF_8));
    assertThat(recorder.parser.retryMillis()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void comments_areReported() throws IOException {
    Recorder recorder = new Recorder();
    recorder.feed(": keep-alive\n\n:\n".getBytes(StandardCharsets.UTF_8));
    assertThat(recorder.comments).isEqualTo(2);
    assertThat(recorder.events).isEmpty();
  }

  @Test
  void listenerThatAllowsIt_hearsEventsWithoutBlankLines() throws IOException {
    List<String> heard = new ArrayList<>();
    EventStreamListener tolerant =
        new EventStreamListener() {
          @Override
          public void onEvent(ServerSentEvent event) {
            heard.add(event.getName() + "|" + event.readData());
          }

          @Override
          public boolean beginsNewEvent(byte last, byte first) {
            return last == '}' && first == '{';
          }
        };
    byte[] stream =
        ("data: {1}\ndata: {2}\nevent: tick\ndata: {3}\ndata: 4\ndata\ndata: {5}\n\n"
                + "event: tick\ndata: {6}\nevent: tock\ndata: {7}\n\ndata: {8}\n\n")
            .getBytes(StandardCharsets.UTF_8);
    new EventStreamParser(tolerant).feed(stream, 0, stream.length);
    assertThat(heard)
        .containsExactly(
            "message|{1}",
            "message|{2}", "tick|{3}\n4\n\n{5}", "tick|{6}", "tock|{7}", "message|{8}");
  }

  private static final class Recorder implements EventStreamListener {
    final List<SseCase.Expected> events = new ArrayList<>();
    final List<String> others = new ArrayList<>();
    int comments;
    final EventStreamParser parser = new EventStreamParser(this);

    void feed(byte[] bytes) throws IOException {
      parser.feed(bytes, 0, bytes.length);
    }

    @Override
    public void onEvent(ServerSentEvent event) {
      Long retry =
          event.getReconnectDelay() == SseEvent.RECONNECT_NOT_SET
              ? null
              : event.getReconnectDelay();
      events.add(
          new SseCase.Expected(
              event.getName(), event.readData(), event.lastEventId(), event.getId(), retry));
    }

    @Override
    public void onComment() {
      comments++;
    }

    @Override
    public void onOtherLine(String line) {
      others.add(line);
    }
  }
}
