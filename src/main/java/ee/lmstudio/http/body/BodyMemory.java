package ee.lmstudio.http.body;

import java.util.HashMap;
import java.util.Map;

/**
 * The memory for all request bodies together, shared fairly: a party may hold at most as much as is
 * free. So one party gets at most half of the memory, the next one at most half of the rest, and a
 * part stays free for the one after it. Safe for use by any thread.
 */
final class BodyMemory {
  private final long total;

  /** Guarded by this, like the sum of its values. */
  private final Map<Party, Long> held = new HashMap<>();

  private long used;

  /** Creates a memory of {@code total} bytes. */
  BodyMemory(long total) {
    this.total = total;
  }

  /**
   * Takes {@code bytes} for a party. Returns false, and takes nothing, if that is not its share.
   */
  synchronized boolean take(Party party, long bytes) {
    long mine = held.getOrDefault(party, 0L) + bytes;
    if (mine > total - used - bytes) {
      return false;
    }
    used += bytes;
    held.put(party, mine);
    return true;
  }

  /** Gives back {@code bytes} that were taken for a party. */
  synchronized void give(Party party, long bytes) {
    used -= bytes;
    held.computeIfPresent(party, (same, mine) -> mine == bytes ? null : mine - bytes);
  }

  /** Returns how many bytes are taken. */
  synchronized long used() {
    return used;
  }
}
