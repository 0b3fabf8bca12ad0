package ee.lmstudio.sdk.internal.detection;

import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.capability.CompatibilityMatrix;
import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.capability.ServerVersion;
import ee.lmstudio.sdk.capability.Support;
import ee.lmstudio.sdk.error.UnsupportedVersionException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the LM Studio that is called; forgotten when one answers again after a
 * connection failed, since it may be another. Reading does not block.
 */
public final class KnownServer {
  private final InstantSource clock;

  /** Null: nothing told a version, and nobody looked for one. Written under the lock of this. */
  private volatile ServerCapabilities known;

  /** What calls have shown; part of {@link #known} once that is there. Under the same lock. */
  private volatile Map<Capability, Support> learned = Map.of();

  private volatile boolean lost;

  /** Whether nobody asked since the start, or since the last lost connection, who is there. */
  private volatile boolean unchecked = true;

  public KnownServer(InstantSource clock) {
    this.clock = clock;
  }

  /** Empty until something told a version, or it was looked for in vain. */
  public Optional<ServerCapabilities> current() {
    return Optional.ofNullable(known);
  }

  /** What was found when it was looked for, in place of what was known. */
  public synchronized ServerCapabilities found(Sighting sighting) {
    learned = Map.of();
    known = guessed(sighting);
    unchecked = false;
    return known;
  }

  /** Whether the next generation must first find out whether this server is too old. */
  boolean unchecked() {
    return unchecked;
  }

  /** Somebody asked; if the answer told a version, {@link #found} was called before. */
  void checked() {
    unchecked = false;
  }

  /** The same, but it is not kept: something was too busy to tell. */
  ServerCapabilities guessed(Sighting sighting) {
    return new ServerCapabilities(sighting.version(), sighting.by(), learned, clock.instant());
  }

  /** An answer told a version by the way. What told the known one may count more. */
  public void saw(Sighting sighting) {
    if (news(known, sighting)) {
      synchronized (this) {
        if (news(known, sighting)) {
          found(sighting);
        }
      }
    }
  }

  private static boolean news(ServerCapabilities known, Sighting sighting) {
    if (known == null || sighting.version().isEmpty()) {
      return sighting.version().isPresent();
    }
    int rank = sighting.by().compareTo(known.detectedBy());
    return rank < 0 || (rank == 0 && !sighting.version().equals(known.version()));
  }

  private Support support(Capability capability) {
    ServerCapabilities now = known;
    return now == null
        ? learned.getOrDefault(capability, Support.UNKNOWN)
        : now.support(capability);
  }

  /** A call has shown whether the server has {@code capability}. */
  void learned(Capability capability, boolean available) {
    Support support = available ? Support.YES : Support.NO;
    if (support(capability) == support) {
      return;
    }
    synchronized (this) {
      Map<Capability, Support> all = new EnumMap<>(Capability.class);
      all.putAll(learned);
      all.put(capability, support);
      learned = Map.copyOf(all);
      if (known != null) {
        known =
            new ServerCapabilities(
                known.version(), known.detectedBy(), learned, known.detectedAt());
      }
    }
  }

  /** A connection failed: what answers next may be another server. */
  void lost() {
    lost = true;
    unchecked = true;
  }

  /** The headers of an answer came, with this version in them, if it is not null. */
  void answered(String version) {
    if (lost) {
      forget();
    }
    if (version != null) {
      saw(Sighting.ofHeader(Optional.of(version)));
    }
  }

  /** Forgets what was found longer ago than that. */
  void forgetOlderThan(Duration age) {
    ServerCapabilities now = known;
    if (now != null && now.detectedAt().plus(age).isBefore(clock.instant())) {
      forget();
      unchecked = true;
    }
  }

  private synchronized void forget() {
    lost = false;
    known = null;
    learned = Map.of();
  }

  /** Why nothing may be sent to it; empty if it may. */
  public Optional<UnsupportedVersionException> refusal() {
    return current().flatMap(KnownServer::refusal);
  }

  static Optional<UnsupportedVersionException> refusal(ServerCapabilities known) {
    return known.row().level() == CompatibilityMatrix.Level.REFUSED
        ? known.version().map(KnownServer::tooOld)
        : Optional.empty();
  }

  private static UnsupportedVersionException tooOld(ServerVersion version) {
    return new UnsupportedVersionException(
        "This LM Studio has version %s. The oldest supported version is %s"
            .formatted(version, CompatibilityMatrix.FLOOR),
        "Update LM Studio, best to 0.4.0 or later. The next health check finds the new version.",
        null);
  }
}
