package ee.lmstudio.simulator;

import java.util.List;

/** How one kind of answer looks as events. Text comes in quoted as JSON already. */
interface ChunkFormat {

  /** A thought. */
  String reasoning(String quoted, boolean first);

  /** A piece of the text. */
  String content(String quoted, boolean first);

  /** The fragments of a tool call. */
  List<String> toolCall(Draft.ToolCall call, boolean first);

  /** What comes after the last token, with {@code [DONE]}. */
  List<String> ending(boolean afterText);

  /** An event with {@code data}. */
  static String event(String data) {
    return "data: " + data + "\n\n";
  }

  /** The last event. */
  String DONE = event("[DONE]");
}
