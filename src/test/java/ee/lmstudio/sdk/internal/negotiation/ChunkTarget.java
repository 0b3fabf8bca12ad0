package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.ToolCallAssembler;
import java.nio.charset.StandardCharsets;

/** Fuzzed: any text is a chunk or a break; what is no JSON object is never a chunk. */
public final class ChunkTarget {
  private ChunkTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Chunk chunk;
    try {
      chunk = ChunkReader.read(text, false, false);
      ChunkReader.read(text, true, true);
    } catch (BrokenStreamException told) {
      return;
    }
    if (JsonText.readObject(text).isEmpty()) {
      throw new AssertionError("Taken for a chunk, but no JSON object: " + text);
    }
    ToolCallAssembler assembler = new ToolCallAssembler();
    int size = assembler.add(chunk.delta().toolCalls());
    assembler.add(chunk.delta().toolCalls());
    if (size < 0 || assembler.calls().stream().anyMatch(call -> call.id().isEmpty())) {
      throw new AssertionError("Tool calls grow and have ids: " + text);
    }
  }
}
