package ee.lmstudio.http.body;

import ee.lmstudio.run.Shares;

/**
 * The memory for all request bodies together, shared fairly: a party may hold at most as much as is
 * free. So one party gets at most half of the memory, the next one at most half of the rest, and a
 * part stays free for the one after it. Safe for use by any thread.
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
   * Takes {@code bytes} for a party. Returns false, and takes nothing, if that is not its share.
   */
  synchronized boolean take(Party party, long bytes) {
    if (held.of(party) + bytes > total - held.all() - bytes) {
      return false;
    }
    held.add(party, bytes);
    return true;
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
