package ee.lmstudio.simulator;

import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.IntFunction;

/**
 * The frames of a stream with named events. The events of tokens are rendered when they are read,
 * so a long answer needs no more memory than its tokens. Built and read by one thread.
 */
final class EventFrames extends AbstractList<Frame> implements RandomAccess {

  /** Renders the event of one token. */
  @FunctionalInterface
  interface TokenEvent {
    /**
     * @param number the number of the event in the stream, counted from 0
     */
    String of(int number, String token);
  }

  private record Segment(int first, int size, IntFunction<Frame> frame) {}

  private final List<Segment> segments = new ArrayList<>();
  private int size;

  /** Returns one event as it is sent. */
  static String named(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }

  /** Returns the number of the next event. */
  int next() {
    return size;
  }

  /** Adds one event. */
  void add(Duration at, String event) {
    append(1, index -> Frame.of(at, event));
  }

  /**
   * Adds an event for each token.
   *
   * @param from the position of the first token in the whole answer, for its time
   */
  void addTokens(Generation generation, int from, List<String> tokens, TokenEvent event) {
    int number = size;
    append(
        tokens.size(),
        index ->
            Frame.of(generation.at(from + index), event.of(number + index, tokens.get(index))));
  }

  private void append(int count, IntFunction<Frame> frame) {
    segments.add(new Segment(size, count, frame));
    size += count;
  }

  @Override
  public Frame get(int index) {
    for (Segment segment : segments) {
      if (index >= segment.first() && index < segment.first() + segment.size()) {
        return segment.frame().apply(index - segment.first());
      }
    }
    throw new IndexOutOfBoundsException("Event " + index + " of " + size);
  }

  @Override
  public int size() {
    return size;
  }
}
