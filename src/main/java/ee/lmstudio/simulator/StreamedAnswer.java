package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.quoted;

import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;

/**
 * Renders a generation as the events of the simulated version, one frame each. A frame is rendered
 * when it is read, so a long answer needs no more memory than its tokens.
 */
final class StreamedAnswer extends AbstractList<Frame> implements RandomAccess {
  private final Generation generation;
  private final ChunkFormat format;
  private final List<String> reasoning;
  private final List<String> content;
  private final List<Frame> tail = new ArrayList<>();

  StreamedAnswer(Generation generation, ChunkFormat format) {
    this.generation = generation;
    this.format = format;
    this.reasoning = generation.draft().reasoning();
    this.content = generation.draft().content();
    int texts = reasoning.size() + content.size();
    List<String> call =
        generation
            .draft()
            .toolCall()
            .map(wanted -> format.toolCall(wanted, texts == 0))
            .orElse(List.of());
    for (int i = 0; i < call.size(); i++) {
      tail.add(Frame.of(generation.at(texts + i), call.get(i)));
    }
    Duration end = generation.end();
    format.ending(call.isEmpty()).forEach(event -> tail.add(Frame.of(end, event)));
  }

  @Override
  public Frame get(int index) {
    int texts = reasoning.size() + content.size();
    if (index >= texts) {
      return tail.get(index - texts);
    }
    boolean first = index == 0;
    String event =
        index < reasoning.size()
            ? format.reasoning(quoted(reasoning.get(index)), first)
            : format.content(quoted(content.get(index - reasoning.size())), first);
    return Frame.of(generation.at(index), event);
  }

  @Override
  public int size() {
    return reasoning.size() + content.size() + tail.size();
  }
}
