package ee.lmstudio.config;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts what limits are compared with: how much of one resource each party holds, and how much all
 * of them hold together. A party that holds nothing takes no memory. Not thread-safe.
 *
 * @param <P> identifies a party
 */
public final class Shares<P> {
  private final Map<P, Long> held = new HashMap<>();
  private long all;

  /** Returns how much a party holds. */
  public long of(P party) {
    return held.getOrDefault(party, 0L);
  }

  /** Returns how much all parties hold together. */
  public long all() {
    return all;
  }

  /** Adds an amount to what a party holds. */
  public void add(P party, long amount) {
    all += amount;
    held.merge(party, amount, Long::sum);
  }

  /** Takes an amount away from what a party holds. */
  public void remove(P party, long amount) {
    all -= amount;
    held.computeIfPresent(party, (same, own) -> own == amount ? null : own - amount);
  }
}
