package ee.lmstudio.http.body;

import ee.lmstudio.config.Shares;

/**
 * The memory for all request bodies together. A party may hold at most as much as is still free. So
 * one party gets at most half of the memory, the next one at most half of the rest, and some memory
 * is always free for another one. Safe for use by any thread.
 */
final class BodyMemory {
  private final long total;

  /** Guarded by this. */
  private final Shares<Party> held = new Shares<>();

  /** Creates a memory of {@code total} bytes. */
  BodyMemory(long total) {
    this.total = total;
  }

  /**
   * Takes {@code bytes} for a party. If the party would then hold more than would remain free,
   * returns false and takes nothing.
   */
  synchronized boolean take(Party party, long bytes) {
    if (!fits(party, bytes)) {
      return false;
    }
    held.add(party, bytes);
    return true;
  }

  /** Returns whether a party may take so many bytes now. */
  synchronized boolean fits(Party party, long bytes) {
    return held.of(party) + bytes <= total - held.all() - bytes;
  }

  /** Gives back {@code bytes} that were taken for a party. */
  synchronized void give(Party party, long bytes) {
    held.remove(party, bytes);
  }

  /** Returns how many bytes are taken. */
  synchronized long used() {
    return held.all();
  }
}
