package ee.lmstudio.http.body;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Limits how many requests are processed at a time. The others wait without a thread, and the
 * parties whose requests wait take turns. Safe for use by any thread.
 */
final class FairGate {
  private int free;

  /** Guarded by this. The party whose turn is next comes first; no queue is empty. */
  private final Map<Party, Queue<Runnable>> waiting = new LinkedHashMap<>();

  FairGate(int places) {
    free = places;
  }

  /**
   * Runs {@code start} as soon as a place is free: now, or in a later call of {@link #leave}. Each
   * request that was started must call {@link #leave} once.
   */
  void enter(Party party, Runnable start) {
    synchronized (this) {
      if (free == 0) {
        waiting.computeIfAbsent(party.sharing(), same -> new ArrayDeque<>()).add(start);
        return;
      }
      free--;
    }
    start.run();
  }

  /** Frees a place, and starts the next request that waits. */
  void leave() {
    Runnable next;
    synchronized (this) {
      next = next();
      if (next == null) {
        free++;
        return;
      }
    }
    next.run();
  }

  private Runnable next() {
    Iterator<Map.Entry<Party, Queue<Runnable>>> parties = waiting.entrySet().iterator();
    if (!parties.hasNext()) {
      return null;
    }
    Map.Entry<Party, Queue<Runnable>> first = parties.next();
    Party party = first.getKey();
    Queue<Runnable> queue = first.getValue();
    parties.remove();
    Runnable next = queue.remove();
    if (!queue.isEmpty()) {
      waiting.put(party, queue);
    }
    return next;
  }

  /** Removes a waiting request. Returns false if it has already been started, or did not wait. */
  synchronized boolean cancel(Party party, Runnable start) {
    Queue<Runnable> queue = waiting.get(party.sharing());
    boolean waited = queue != null && queue.remove(start);
    if (waited && queue.isEmpty()) {
      waiting.remove(party.sharing());
    }
    return waited;
  }
}
