package ee.lmstudio.http.body;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * The bodies that have not arrived completely. A caller that is signed in may have a limited number
 * of them, and one more is refused. Strangers (clients that are not signed in) cannot keep each
 * other out: beyond their limits, one more unfinished body ends the oldest one of the same address,
 * or the oldest one of all addresses. A sign-in form that arrives at once is not the oldest one.
 * Safe for use by any thread.
 *
 * @param <T> the type of a body
 */
final class UnfinishedBodies<T> {
  /** Maximum number for all strangers of one address (IPv6: of one /64). */
  static final int MAX_PER_ADDRESS = 8;

  /** Maximum number for all strangers together. */
  static final int MAX_OF_STRANGERS = 256;

  private final int maxPerCaller;

  /** Guarded by this, like the sets below. In each, the oldest comes first. */
  private final Map<T, Party> bodies = new LinkedHashMap<>();

  private final Map<Party, SequencedSet<T>> byParty = new HashMap<>();
  private final SequencedSet<T> ofStrangers = new LinkedHashSet<>();

  /**
   * Creates an empty set.
   *
   * @param maxPerCaller the maximum number for one caller; 0: no limit
   */
  UnfinishedBodies(int maxPerCaller) {
    this.maxPerCaller = maxPerCaller;
  }

  /**
   * Result of adding a body.
   *
   * @param isAdded false if the caller has too many unfinished bodies
   * @param toEnd the body that must be ended, because its room is needed
   */
  record Added<T>(boolean isAdded, Optional<T> toEnd) {}

  /** Adds a body of a party. */
  synchronized Added<T> add(T body, Party party) {
    SequencedSet<T> own = byParty.getOrDefault(party, new LinkedHashSet<>());
    Optional<T> toEnd = Optional.empty();
    switch (party.kind()) {
      case CALLER -> {
        if (maxPerCaller > 0 && own.size() >= maxPerCaller) {
          return new Added<>(false, toEnd);
        }
      }
      case STRANGER -> {
        if (own.size() >= MAX_PER_ADDRESS) {
          toEnd = Optional.of(own.getFirst());
        } else if (ofStrangers.size() >= MAX_OF_STRANGERS) {
          toEnd = Optional.of(ofStrangers.getFirst());
        }
        ofStrangers.add(body);
      }
      case SIMULATED -> {
        // Only the memory is limited: the SDK sends the requests of all streams from one address.
      }
    }
    toEnd.ifPresent(this::remove);
    bodies.put(body, party);
    byParty.computeIfAbsent(party, first -> new LinkedHashSet<>()).add(body);
    return new Added<>(true, toEnd);
  }

  /** Removes a body that has arrived, or that was ended. Further calls have no effect. */
  synchronized void remove(T body) {
    Party party = bodies.remove(body);
    if (party != null) {
      ofStrangers.remove(body);
      byParty.computeIfPresent(
          party,
          (same, own) -> {
            own.remove(body);
            return own.isEmpty() ? null : own;
          });
    }
  }

  /** Returns the bodies, the oldest first. */
  synchronized List<T> all() {
    return List.copyOf(bodies.keySet());
  }
}
