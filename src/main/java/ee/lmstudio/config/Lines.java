package ee.lmstudio.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;

/**
 * What waits for its turn, in a line for each party. The parties take turns, so that one with a
 * long line does not delay one with a short line. A party with an empty line takes no memory. Not
 * thread-safe.
 *
 * @param <P> identifies a party
 * @param <T> what waits
 */
public final class Lines<P, T> {
  /** The party whose turn is next comes first; no line is empty. */
  private final Map<P, Queue<T>> lines = new LinkedHashMap<>();

  private int size;

  /** Returns how many wait in all lines together. */
  public int size() {
    return size;
  }

  /** Returns how many wait in the line of a party. */
  public int of(P party) {
    Queue<T> line = lines.get(party);
    return line == null ? 0 : line.size();
  }

  /** Adds {@code item} at the end of the line of a party. */
  public void add(P party, T item) {
    lines.computeIfAbsent(party, same -> new ArrayDeque<>()).add(item);
    size++;
  }

  /**
   * Removes and returns the first item in the line of the party whose turn is next. This party's
   * next turn comes after those of all others.
   *
   * @param mayHave skips the parties for which it returns false; they keep their turn
   * @return empty if nobody waits, or if all who wait are skipped
   */
  public Optional<T> next(Predicate<P> mayHave) {
    return lines.keySet().stream().filter(mayHave).findFirst().map(this::next);
  }

  private T next(P party) {
    Queue<T> line = lines.remove(party);
    T item = line.remove();
    size--;
    if (!line.isEmpty()) {
      lines.put(party, line);
    }
    return item;
  }

  /** Removes an item from the line of a party. Returns false if it does not wait there. */
  public boolean remove(P party, T item) {
    Queue<T> line = lines.get(party);
    if (line == null || !line.remove(item)) {
      return false;
    }
    size--;
    if (line.isEmpty()) {
      lines.remove(party);
    }
    return true;
  }

  /** Returns all that wait, in the order of their turns. */
  public List<T> inTurn() {
    List<T> all = new ArrayList<>(size);
    List<Iterator<T>> each = new ArrayList<>();
    lines.values().forEach(line -> each.add(line.iterator()));
    while (!each.isEmpty()) {
      each.removeIf(line -> !line.hasNext());
      each.forEach(line -> all.add(line.next()));
    }
    return all;
  }
}
