package ee.lmstudio.http.body;

import ee.lmstudio.config.Shares;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Limits how many requests are processed at a time. The others wait without a thread, and the
 * parties whose requests wait take turns. A party that has half of the places gets no further one
 * while another party waits that has less. Safe for use by any thread.
 */
final class FairGate {
  /** A request that waits for its place. */
  @FunctionalInterface
  interface Turn {
    /**
     * Starts the request, which must then call {@link #leave} once. Returns false if the request
     * does not need its place any more: then the gate gives the place to the next one.
     */
    boolean take();
  }

  private record Next(Party party, Turn turn) {}

  private final int half;

  /** Guarded by this, like the fields below. */
  private int free;

  /** The number of places of each party. */
  private final Shares<Party> held = new Shares<>();

  /** The party whose turn is next comes first; no queue is empty. */
  private final Map<Party, Queue<Turn>> waiting = new LinkedHashMap<>();

  FairGate(int places) {
    free = places;
    half = (places + 1) / 2;
  }

  /** Calls {@code turn} as soon as a place is free: now, or in a later call of {@link #leave}. */
  void enter(Party party, Turn turn) {
    Party sharing = party.sharing();
    synchronized (this) {
      if (free == 0) {
        waiting.computeIfAbsent(sharing, same -> new ArrayDeque<>()).add(turn);
        return;
      }
      free--;
      held.add(sharing, 1);
    }
    if (!turn.take()) {
      leave(sharing);
    }
  }

  /** Gives the place of a party to the next one that waits. */
  void leave(Party party) {
    Party leaving = party.sharing();
    Next next;
    do {
      synchronized (this) {
        held.remove(leaving, 1);
        next = next();
        if (next == null) {
          free++;
          return;
        }
        held.add(next.party, 1);
      }
      leaving = next.party;
    } while (!next.turn.take());
  }

  private Next next() {
    Party party = nextParty();
    if (party == null) {
      return null;
    }
    Queue<Turn> queue = waiting.remove(party);
    Turn turn = queue.remove();
    if (!queue.isEmpty()) {
      waiting.put(party, queue);
    }
    return new Next(party, turn);
  }

  private Party nextParty() {
    Iterator<Party> parties = waiting.keySet().iterator();
    Party first = parties.hasNext() ? parties.next() : null;
    Party party = first;
    while (party != null && held.of(party) >= half) {
      party = parties.hasNext() ? parties.next() : null;
    }
    return party == null ? first : party;
  }

  /** Removes a waiting request. Returns false if it has already been started, or did not wait. */
  synchronized boolean cancel(Party party, Turn turn) {
    Queue<Turn> queue = waiting.get(party.sharing());
    boolean waited = queue != null && queue.remove(turn);
    if (waited && queue.isEmpty()) {
      waiting.remove(party.sharing());
    }
    return waited;
  }
}
