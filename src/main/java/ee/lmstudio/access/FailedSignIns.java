package ee.lmstudio.access;

import ee.lmstudio.sdk.internal.net.CidrBlock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Slows down guessing: after more than {@link #ALLOWED} failed sign-ins within {@link #WINDOW} an
 * address has to wait. Who signed in from that address before is let in all the same, so that
 * somebody who guesses cannot lock out a neighbour. Bounded; for any thread.
 */
final class FailedSignIns {
  static final int ALLOWED = 10;
  static final Duration WINDOW = Duration.ofMinutes(1);

  /** Addresses that are remembered; beyond it the one not seen for longest is forgotten. */
  static final int MAX_ADDRESSES = 10_000;

  private static final class Address {
    final Deque<Instant> failures = new ArrayDeque<>();
    final Set<String> known = new HashSet<>();
  }

  private final InstantSource clock;

  /** Guarded by this. */
  private final Map<String, Address> addresses = new LinkedHashMap<>(16, 0.75f, true);

  FailedSignIns(InstantSource clock) {
    this.clock = clock;
  }

  /** How long the address has to wait before the next try; zero if it need not. */
  synchronized Duration waitOf(String address) {
    Address seen = addresses.get(network(address));
    if (seen == null || seen.failures.size() <= ALLOWED) {
      return Duration.ZERO;
    }
    // Only the last ALLOWED + 1 are kept: when the first of them is out of the window, go on.
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

  /** Whether {@code name} signed in from this address before. */
  synchronized boolean knows(String address, String name) {
    Address seen = addresses.get(network(address));
    return seen != null && seen.known.contains(name);
  }

  synchronized int size() {
    return addresses.size();
  }

  private Address remembered(String address) {
    Address seen = addresses.computeIfAbsent(network(address), key -> new Address());
    if (addresses.size() > MAX_ADDRESSES) {
      addresses.remove(addresses.keySet().iterator().next());
    }
    return seen;
  }

  /** One IPv6 customer has 2^64 addresses: they count as one. */
  private static String network(String address) {
    try {
      byte[] bytes = CidrBlock.parse(address).network().getAddress();
      return bytes.length == 4 ? address : HexFormat.of().formatHex(bytes, 0, 8);
    } catch (IllegalArgumentException e) {
      return "unknown";
    }
  }
}
