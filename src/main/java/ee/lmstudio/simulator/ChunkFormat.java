package ee.lmstudio.simulator;

import java.util.List;

/** Renders one kind of answer as events. Texts are passed as quoted JSON strings. */
interface ChunkFormat {

  /** Returns the event for a piece of the reasoning. */
  String reasoning(String quoted, boolean first);

  /** Returns the event for a piece of the text. */
  String content(String quoted, boolean first);

  /** Returns the events for the fragments of a tool call. */
  List<String> toolCall(Draft.ToolCall call, boolean first);

  /** Returns the events after the last token, the last of which is {@code [DONE]}. */
  List<String> ending(boolean afterText);

  /** Returns an event with {@code data}. */
  static String event(String data) {
    return "data: " + data + "\n\n";
  }

  /** The last event. */
  String DONE = event("[DONE]");
}
