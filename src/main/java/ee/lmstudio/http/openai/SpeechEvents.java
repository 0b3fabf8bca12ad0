package ee.lmstudio.http.openai;

import ee.lmstudio.http.events.Pieces;
import ee.lmstudio.stream.StreamLog;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/** Writes speech as OpenAI's events {@code speech.audio.delta}, with the audio in base64. */
final class SpeechEvents extends OutputStream {
  private static final String BEFORE = "{\"type\":\"speech.audio.delta\",\"audio\":\"";
  private static final String AFTER = "\"}";

  /** The number of bytes of audio in an event: 8 KiB in base64, without padding. */
  private static final int BYTES = 6 * 1024;

  private final Consumer<String> events;
  private final byte[] buffer = new byte[BYTES];
  private int filled;

  SpeechEvents(Consumer<String> events) {
    this.events = events;
  }

  @Override
  public void write(int one) {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) {
    int next = from;
    int end = from + count;
    while (next < end) {
      int some = Math.min(end - next, BYTES - filled);
      System.arraycopy(bytes, next, buffer, filled, some);
      filled += some;
      next += some;
      if (filled == BYTES) {
        flush();
      }
    }
  }

  /** Writes the buffered bytes as one event, if there are any. */
  @Override
  public void flush() {
    if (filled > 0) {
      byte[] base64 = Base64.getEncoder().encode(Arrays.copyOf(buffer, filled));
      events.accept(BEFORE + new String(base64, StandardCharsets.US_ASCII) + AFTER);
      filled = 0;
    }
  }

  /** Returns the whole audio from the events in a log. */
  static Pieces whole(StreamLog log) {
    List<String> events =
        OpenAiMedia.parts(log).stream().filter(event -> event.startsWith(BEFORE)).toList();
    return new Pieces.Builder()
        .chunks(events.size(), i -> audio(events.get(i)))
        .contentType(OpenAiMedia.contentType(log))
        .build();
  }

  private static byte[] audio(String event) {
    String base64 = event.substring(BEFORE.length(), event.length() - AFTER.length());
    return Base64.getDecoder().decode(base64);
  }
}
