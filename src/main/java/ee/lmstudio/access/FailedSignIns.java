package ee.lmstudio.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Slows down guessing: after more than {@link #ALLOWED} failed sign-ins within {@link #WINDOW}, an
 * address has to wait. Callers that signed in from the same address before are still let in, so
 * that a guesser cannot lock out its neighbours. Bounded; safe for use by any thread.
 */
final class FailedSignIns {
  static final int ALLOWED = 10;
  static final Duration WINDOW = Duration.ofMinutes(1);

  /** The most addresses that are remembered. One more forgets the address unseen for longest. */
  static final int MAX_ADDRESSES = 10_000;

  private static final class Address {
    final Deque<Instant> failures = new ArrayDeque<>();
    final Set<String> known = new HashSet<>();
  }

  private final InstantSource clock;

  /** Guarded by {@code this}. */
  private final Map<String, Address> addresses = new LinkedHashMap<>(16, 0.75f, true);

  FailedSignIns(InstantSource clock) {
    this.clock = clock;
  }

  /** Returns how long an address has to wait before its next attempt; zero for not at all. */
  synchronized Duration waitOf(String address) {
    Address seen = addresses.get(ClientNetwork.of(address));
    if (seen == null || seen.failures.size() <= ALLOWED) {
      return Duration.ZERO;
    }
    // Only the last ALLOWED + 1 failures are kept, so the oldest of them decides.
    Duration left = Duration.between(clock.instant(), seen.failures.getFirst().plus(WINDOW));
    return left.isNegative() ? Duration.ZERO : left;
  }

  synchronized void failed(String address) {
    Deque<Instant> failures = remembered(address).failures;
    failures.addLast(clock.instant());
    if (failures.size() > ALLOWED + 1) {
      failures.removeFirst();
    }
  }

  synchronized void succeeded(String address, String name) {
    remembered(address).known.add(name);
  }

  /** Returns whether the token called {@code name} was used from this address before. */
  synchronized boolean knows(String address, String name) {
    Address seen = addresses.get(ClientNetwork.of(address));
    return seen != null && seen.known.contains(name);
  }

  synchronized int size() {
    return addresses.size();
  }

  private Address remembered(String address) {
    Address seen = addresses.computeIfAbsent(ClientNetwork.of(address), key -> new Address());
    if (addresses.size() > MAX_ADDRESSES) {
      addresses.remove(addresses.keySet().iterator().next());
    }
    return seen;
  }
}
