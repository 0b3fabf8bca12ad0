package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.quoted;

import java.util.ArrayList;
import java.util.List;

/**
 * Renders {@code text_completion} as events. No stream of it is recorded, so this splits the plain
 * form.
 */
final class CompletionChunks implements ChunkFormat {
  private final Generation generation;
  private final String start;

  CompletionChunks(Generation generation) {
    this.generation = generation;
    this.start =
        "{\"id\":"
            + quoted(generation.id())
            + ",\"object\":\"text_completion\",\"created\":"
            + generation.created().getEpochSecond()
            + ",\"model\":"
            + quoted(generation.model().id())
            + ",\"choices\":[";
  }

  @Override
  public String reasoning(String quoted, boolean first) {
    return content(quoted, first);
  }

  @Override
  public String content(String quoted, boolean first) {
    return choice(quoted, "null");
  }

  @Override
  public List<String> toolCall(Draft.ToolCall call, boolean first) {
    throw new IllegalStateException("A completion cannot call tools");
  }

  @Override
  public List<String> ending(boolean afterText) {
    List<String> events = new ArrayList<>();
    events.add(choice("\"\"", quoted(generation.draft().ending().finishReason())));
    if (generation.request().delivery().includeUsage() && generation.version().hasUsageChunk()) {
      events.add(ChunkFormat.event(start + "],\"usage\":" + generation.usage() + "}"));
    }
    events.add(DONE);
    return events;
  }

  private String choice(String text, String finishReason) {
    return ChunkFormat.event(
        start
            + "{\"index\":0,\"text\":"
            + text
            + ",\"logprobs\":null,\"finish_reason\":"
            + finishReason
            + "}]}");
  }
}
