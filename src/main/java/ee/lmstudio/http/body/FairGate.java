package ee.lmstudio.http.body;

import ee.lmstudio.config.Lines;
import ee.lmstudio.config.Shares;
import java.util.Optional;

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

  private final Lines<Party, Next> waiting = new Lines<>();

  FairGate(int places) {
    free = places;
    half = (places + 1) / 2;
  }

  /** Calls {@code turn} as soon as a place is free: now, or in a later call of {@link #leave}. */
  void enter(Party party, Turn turn) {
    Party sharing = party.sharing();
    synchronized (this) {
      if (free == 0) {
        waiting.add(sharing, new Next(sharing, turn));
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
        Optional<Next> first = next();
        if (first.isEmpty()) {
          free++;
          return;
        }
        next = first.get();
        held.add(next.party, 1);
      }
      leaving = next.party;
    } while (!next.turn.take());
  }

  private Optional<Next> next() {
    return waiting.next(party -> held.of(party) < half).or(() -> waiting.next(party -> true));
  }

  /** Removes a waiting request. Returns false if it has already been started, or did not wait. */
  synchronized boolean cancel(Party party, Turn turn) {
    return waiting.remove(party.sharing(), new Next(party.sharing(), turn));
  }
}
