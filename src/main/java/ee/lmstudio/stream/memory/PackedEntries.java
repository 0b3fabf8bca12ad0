package ee.lmstudio.stream.memory;

import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.stream.Chunks;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.StreamEvent;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * The entries of an ended log in about a tenth of the memory: the texts of all deltas are one
 * string, consecutive entries share the form of their chunks, and an entry is created again each
 * time it is read. Immutable.
 */
final class PackedEntries {
  /** The bytes of a packed entry in addition to its text: the position at which the text ends. */
  private static final int PLACE = Integer.BYTES;

  /**
   * The entry of a longer text is not packed. Compared with the text, the entry takes little
   * memory, and a packed entry copies its text each time that it is read.
   */
  static final int LONGEST = 1024;

  private final String modelId;
  private final String text;

  /** For each entry: the length of {@link #text} up to and including it. */
  private final int[] ends;

  /** The packed entries that are reasoning; the others are content. */
  private final BitSet reasoning;

  /** The entries that are not packed, by ascending cursor. The first entry is always among them. */
  private final Entry[] whole;

  /** The chunks of the packed entries that follow each whole entry. */
  private final Chunks[] chunks;

  private PackedEntries(
      String modelId, String text, int[] ends, BitSet reasoning, Entry[] whole, Chunks[] chunks) {
    this.modelId = modelId;
    this.text = text;
    this.ends = ends;
    this.reasoning = reasoning;
    this.whole = whole;
    this.chunks = chunks;
  }

  /** Packs the first {@code count} entries. */
  static PackedEntries of(Entry[] entries, int count) {
    String modelId = entries[count - 1].modelId();
    StringBuilder text = new StringBuilder();
    int[] ends = new int[count];
    BitSet reasoning = new BitSet();
    List<Entry> whole = new ArrayList<>();
    List<Chunks> chunks = new ArrayList<>();
    Chunks common = null;
    for (int i = 0; i < count; i++) {
      Entry entry = entries[i];
      boolean packed =
          i > 0
              && !entry.event().onlyText().isEmpty()
              && entry.event().onlyText().length() <= LONGEST
              && Objects.equals(entry.modelId(), modelId)
              && entry.chunks().whole().isEmpty()
              && (common == null || common.equals(entry.chunks()));
      if (packed) {
        Delta delta = ((StreamEvent.Piece) entry.event()).delta();
        reasoning.set(i, delta.content().isEmpty());
        text.append(entry.event().onlyText());
        common = entry.chunks();
        chunks.set(chunks.size() - 1, common);
      } else {
        whole.add(entry);
        common = null;
        chunks.add(Chunks.NONE);
      }
      ends[i] = text.length();
    }
    return new PackedEntries(
        modelId,
        text.toString(),
        ends,
        reasoning,
        whole.toArray(Entry[]::new),
        chunks.toArray(Chunks[]::new));
  }

  /** Returns the entry with this cursor. */
  Entry entry(int cursor) {
    int group = lastWholeUpTo(cursor);
    Entry before = whole[group];
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
        cursor,
        modelId,
        new StreamEvent.Piece(delta),
        chunks[group],
        before.textSoFar() + packedSince);
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

  /** Returns the approximate memory of the packed entries, in bytes. */
  long weight() {
    return (long) PLACE * ends.length
        + 2L * text.length()
        + Arrays.stream(whole).mapToLong(Entry::weight).sum();
  }
}
