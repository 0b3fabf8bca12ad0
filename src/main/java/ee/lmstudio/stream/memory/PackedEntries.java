package ee.lmstudio.stream.memory;

import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.StreamEvent;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * The entries of a log that has ended, in about a tenth of the memory: the texts of all deltas are
 * one string, and an entry is created again each time it is read. Immutable.
 */
final class PackedEntries {
  /** Bytes that a packed entry costs beside its text: the position at which the text ends. */
  private static final int PLACE = Integer.BYTES;

  private final String modelId;
  private final String text;

  /** For each entry: the length of {@link #text} up to and including it. */
  private final int[] ends;

  /** Which of the packed entries are reasoning; the others are content. */
  private final BitSet reasoning;

  /** The entries that are not packed, by ascending cursor. The first entry is always one. */
  private final Entry[] whole;

  private PackedEntries(String modelId, String text, int[] ends, BitSet reasoning, Entry[] whole) {
    this.modelId = modelId;
    this.text = text;
    this.ends = ends;
    this.reasoning = reasoning;
    this.whole = whole;
  }

  /** Packs the first {@code count} entries. */
  static PackedEntries of(Entry[] entries, int count) {
    String modelId = entries[count - 1].modelId();
    StringBuilder text = new StringBuilder();
    int[] ends = new int[count];
    BitSet reasoning = new BitSet();
    List<Entry> whole = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Entry entry = entries[i];
      Delta delta = i == 0 ? null : packable(entry, modelId);
      if (delta == null) {
        whole.add(entry);
      } else {
        reasoning.set(i, delta.content().isEmpty());
        text.append(delta.content()).append(delta.reasoning());
      }
      ends[i] = text.length();
    }
    return new PackedEntries(
        modelId, text.toString(), ends, reasoning, whole.toArray(Entry[]::new));
  }

  /** Returns the entry's delta if it is one text and nothing else; null otherwise. */
  private static Delta packable(Entry entry, String modelId) {
    return entry.event() instanceof StreamEvent.Piece(Delta delta)
            && delta.toolCalls().isEmpty()
            && delta.content().isEmpty() != delta.reasoning().isEmpty()
            && Objects.equals(entry.modelId(), modelId)
        ? delta
        : null;
  }

  /** Returns the entry with this cursor. */
  Entry entry(int cursor) {
    Entry before = whole[lastWholeUpTo(cursor)];
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
    return new Entry(
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

  /** Returns what the packed entries cost in memory, roughly, in bytes. */
  long weight() {
    return (long) PLACE * ends.length
        + 2L * text.length()
        + Arrays.stream(whole).mapToLong(Entry::weight).sum();
  }
}
