package ee.lmstudio.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.stream.Stream;

/**
 * A stream that LM Studio sent, and what it says.
 *
 * @param text reasoning, visible text and tool calls, one after the other
 */
record RecordedStream(String file, String model, String text, String finishReason) {
  static Stream<RecordedStream> all() {
    return Stream.of(
        new RecordedStream(
            "v1-stream-plain-include_usage-0.4.24.sse",
            "google/gemma-4-e4b",
            "Hello there, how are you?",
            "stop"),
        new RecordedStream(
            "v1-stream-tool-single-0.4.24-ABRIDGED.sse",
            "google/gemma-4-e4b",
            "\n1.get_weather{\"city\":\"Paris\"}",
            "tool_calls"),
        new RecordedStream(
            "v0-stream-tool-0.3.13.sse",
            "qwen2.5-7b-instruct",
            "get_current_weather{\"location\": \"London\", \"unit\": \"celsius\"}",
            "stop"));
  }

  byte[] bytes() {
    return Recorded.bytes(file);
  }

  /** How many bytes it has until the answer is whole: with the blank line after its reason. */
  int wholeFrom() {
    String stream = new String(bytes(), UTF_8);
    int reason = stream.indexOf("\"finish_reason\":\"" + finishReason + "\"");
    return stream.substring(0, stream.indexOf("\n\n", reason) + 2).getBytes(UTF_8).length;
  }

  /** How many bytes it has until the first piece of the answer is there. */
  int textFrom() {
    return new String(bytes(), UTF_8).indexOf("\n\n") + 2;
  }

  @Override
  public String toString() {
    return file;
  }
}
