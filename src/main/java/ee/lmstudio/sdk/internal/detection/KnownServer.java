package ee.lmstudio.sdk.internal.detection;

import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.capability.CompatibilityMatrix;
import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.capability.ServerVersion;
import ee.lmstudio.sdk.capability.Support;
import ee.lmstudio.sdk.error.UnsupportedVersionException;
import ee.lmstudio.sdk.internal.http.SingleFlight;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Holds what is known about the server. This is discarded when a server answers after a failed
 * connection, because it may be another server. Reading does not block.
 */
public final class KnownServer {
  private final InstantSource clock;

  /** Detections that run, for all views of one SDK; the key is what a view sends to sign in. */
  final SingleFlight<Object, ServerCapabilities> detections = new SingleFlight<>();

  /** Checks of the version that run, in the same way. */
  final SingleFlight<Object, FloorChecks.Result> checks = new SingleFlight<>();

  /** Whether the next generation must first check the version. */
  final FloorChecks floor;

  /** Null until a version was named or the detection ran. Written under the lock of this. */
  private volatile ServerCapabilities known;

  /**
   * Capabilities that calls have shown; part of {@link #known} once that is set. Written under the
   * same lock.
   */
  private volatile Map<Capability, Support> learned = Map.of();

  private volatile boolean lost;

  public KnownServer(InstantSource clock) {
    this.clock = clock;
    this.floor = new FloorChecks(clock);
  }

  /**
   * Returns what is known; empty until a version was named or the detection has failed to find one.
   */
  public Optional<ServerCapabilities> current() {
    return Optional.ofNullable(known);
  }

  /** Replaces what was known by the result of a detection. */
  public synchronized ServerCapabilities found(VersionEvidence evidence) {
    learned = Map.of();
    known = guessed(evidence);
    floor.done();
    return known;
  }

  /**
   * Returns the result of a detection without storing it, because the server was too busy to name
   * its version.
   */
  ServerCapabilities guessed(VersionEvidence evidence) {
    return new ServerCapabilities(evidence.version(), evidence.by(), learned, clock.instant());
  }

  /**
   * Notes a version that an answer named. Keeps the known version if it came from better evidence.
   */
  public void saw(VersionEvidence evidence) {
    if (news(known, evidence)) {
      synchronized (this) {
        if (news(known, evidence)) {
          found(evidence);
        }
      }
    }
  }

  private static boolean news(ServerCapabilities known, VersionEvidence evidence) {
    if (known == null || evidence.version().isEmpty()) {
      return evidence.version().isPresent();
    }
    int rank = evidence.by().compareTo(known.detectedBy());
    return rank < 0 || (rank == 0 && !evidence.version().equals(known.version()));
  }

  private Support support(Capability capability) {
    ServerCapabilities now = known;
    return now == null
        ? learned.getOrDefault(capability, Support.UNKNOWN)
        : now.support(capability);
  }

  /** Notes that a call has shown whether the server has {@code capability}. */
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

  /** Notes that a connection failed, so that the next answer may come from another server. */
  synchronized void lost() {
    lost = true;
    floor.lost();
  }

  /** Notes that the headers of an answer have arrived, with this version if it is not null. */
  void answered(String version) {
    if (lost) {
      forget();
    }
    if (version != null) {
      saw(VersionEvidence.ofHeader(Optional.of(version)));
    }
  }

  /** Discards results that are older than the given time. */
  void forgetOlderThan(Duration age) {
    ServerCapabilities now = known;
    if (now != null && now.detectedAt().plus(age).isBefore(clock.instant())) {
      forget();
      floor.again();
    }
  }

  private synchronized void forget() {
    lost = false;
    known = null;
    learned = Map.of();
  }

  /** Returns the reason why nothing may be sent to this server; empty if calls are allowed. */
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
        "Update LM Studio, preferably to 0.4.0 or later. The next health check detects the "
            + "new version.",
        null);
  }
}
