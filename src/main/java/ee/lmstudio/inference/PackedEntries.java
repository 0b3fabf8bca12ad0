package ee.lmstudio.inference;

import ee.lmstudio.sdk.model.Delta;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * The entries of a log that has ended, in about a tenth of the memory: the texts of its deltas are
 * one string, and an entry is made anew whenever somebody reads it. Immutable.
 */
final class PackedEntries {
  /** What an entry costs whose text is packed: where it ends. */
  private static final int PLACE = Integer.BYTES;

  private final String modelId;
  private final String text;

  /** Of each entry: how long {@link #text} is with it. */
  private final int[] ends;

  /** Which of the packed entries are reasoning; the others are content. */
  private final BitSet reasoning;

  /** What is not packed, by cursor, ascending. The first entry of a log always is here. */
  private final LogEntry[] whole;

  private PackedEntries(
      String modelId, String text, int[] ends, BitSet reasoning, LogEntry[] whole) {
    this.modelId = modelId;
    this.text = text;
    this.ends = ends;
    this.reasoning = reasoning;
    this.whole = whole;
  }

  /** Packs the first {@code count} entries. */
  static PackedEntries of(LogEntry[] entries, int count) {
    String modelId = entries[count - 1].modelId();
    StringBuilder text = new StringBuilder();
    int[] ends = new int[count];
    BitSet reasoning = new BitSet();
    List<LogEntry> whole = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LogEntry entry = entries[i];
      Delta delta = i == 0 ? null : packable(entry, modelId);
      if (delta == null) {
        whole.add(entry);
      } else {
        reasoning.set(i, delta.content().isEmpty());
        text.append(delta.content()).append(delta.reasoning());
      }
      ends[i] = text.length();
    }
    String answer = answerIn(entries[count - 1]);
    String one = answer.contentEquals(text) ? answer : text.toString();
    return new PackedEntries(modelId, one, ends, reasoning, whole.toArray(LogEntry[]::new));
  }

  /** Without reasoning the answer is the same text, which is then kept once. */
  private static String answerIn(LogEntry last) {
    return last.event() instanceof StreamEvent.Completed completed
        ? completed.answer().content()
        : "";
  }

  /** The entry's delta if that is one text and nothing else; null otherwise. */
  private static Delta packable(LogEntry entry, String modelId) {
    return entry.event() instanceof StreamEvent.Piece(Delta delta)
            && delta.toolCalls().isEmpty()
            && delta.content().isEmpty() != delta.reasoning().isEmpty()
            && Objects.equals(entry.modelId(), modelId)
        ? delta
        : null;
  }

  /** The entry with this cursor. */
  LogEntry entry(int cursor) {
    LogEntry before = whole[lastWholeUpTo(cursor)];
    if (before.cursor() == cursor) {
      return before;
    }
    int at = cursor - 1;
    String piece = text.substring(ends[at - 1], ends[at]);
    Delta delta =
        reasoning.get(at)
            ? new Delta("", piece, JsonValue.EMPTY_JSON_ARRAY)
            : Delta.ofContent(piece);
    long packedSince = ends[at] - ends[(int) before.cursor() - 1];
    return new LogEntry(
        cursor, modelId, new StreamEvent.Piece(delta), before.textSoFar() + packedSince);
  }

  private int lastWholeUpTo(int cursor) {
    int low = 0;
    int high = whole.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (whole[middle].cursor() <= cursor) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** What it costs in memory, roughly, in bytes. */
  long weight() {
    boolean kept = text == answerIn(whole[whole.length - 1]);
    return (long) PLACE * ends.length
        + (kept ? 0 : 2L * text.length())
        + Arrays.stream(whole).mapToLong(LogEntry::weight).sum();
  }
}
