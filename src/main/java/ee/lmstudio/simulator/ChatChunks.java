package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.quoted;

import java.util.ArrayList;
import java.util.List;

/** Renders {@code chat.completion.chunk} in the format of the simulated version. */
final class ChatChunks implements ChunkFormat {
  private static final String ROLE = "\"role\":\"assistant\",";

  private final Generation generation;
  private final SimulatedVersion version;
  private final String start;

  ChatChunks(Generation generation) {
    this.generation = generation;
    this.version = generation.version();
    String model = quoted(generation.model().id());
    this.start =
        "{\"id\":"
            + quoted(generation.id())
            + ",\"object\":\"chat.completion.chunk\",\"created\":"
            + generation.created().getEpochSecond()
            + ",\"model\":"
            + model
            + (version.hasFingerprint() ? ",\"system_fingerprint\":" + model : "")
            + ",\"choices\":[";
  }

  @Override
  public String reasoning(String quoted, boolean first) {
    return delta(role(first) + "\"reasoning_content\":" + quoted, "null");
  }

  @Override
  public String content(String quoted, boolean first) {
    return delta(role(first) + "\"content\":" + quoted, "null");
  }

  @Override
  public List<String> toolCall(Draft.ToolCall call, boolean first) {
    List<String> fragments = new ArrayList<>();
    fragments.add(
        fragment(
            first ? ROLE : "",
            "\"id\":" + quoted(call.id()) + ",",
            "\"name\":" + quoted(call.name()) + ",",
            ""));
    if (version.isCurrent()) {
      fragments.add(fragment("", "", "", String.join("", call.arguments())));
    } else {
      call.arguments().forEach(part -> fragments.add(fragment("", "", "\"name\":\"\",", part)));
    }
    return fragments;
  }

  @Override
  public List<String> ending(boolean afterText) {
    List<String> events = new ArrayList<>();
    if (afterText && version.isCurrent()) {
      events.add(content("\"\"", false));
    }
    events.add(delta("", quoted(finishReason())));
    if (generation.request().delivery().includeUsage() && version.hasUsageChunk()) {
      events.add(ChunkFormat.event(start + "],\"usage\":" + generation.usage() + "}"));
    }
    events.add(DONE);
    return events;
  }

  private String finishReason() {
    boolean call = generation.draft().toolCall().isPresent();
    return call && !version.finishesWithToolCalls()
        ? "stop"
        : generation.draft().ending().finishReason();
  }

  /** Version 0.4 sends the role once. Older versions send it with every piece of text. */
  private String role(boolean first) {
    return first || !version.isCurrent() ? ROLE : "";
  }

  private String fragment(String role, String id, String name, String arguments) {
    return delta(
        role
            + "\"tool_calls\":[{\"index\":0,"
            + id
            + "\"type\":\"function\",\"function\":{"
            + name
            + "\"arguments\":"
            + quoted(arguments)
            + "}}]",
        "null");
  }

  private String delta(String members, String finishReason) {
    return ChunkFormat.event(
        start
            + "{\"index\":0,\"delta\":{"
            + members
            + "},"
            + (version.hasFingerprint() ? "\"logprobs\":null," : "")
            + "\"finish_reason\":"
            + finishReason
            + "}]}");
  }
}
