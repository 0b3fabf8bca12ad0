package ee.lmstudio.sdk.capability;

import static ee.lmstudio.sdk.capability.Capability.*;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Holds the table of versions and their capabilities. The SDK uses it to decide which calls to
 * send; {@code docs/compatibility.md} is a copy of it.
 */
public final class CompatibilityMatrix {
  /** Says how well versions are supported. */
  public enum Level {
    /** These versions are used and tested most. */
    PRIMARY,
    /** These versions work, but have fewer features. */
    SECONDARY,
    /** These versions work, and the SDK fills in data that they do not send. */
    LIMITED,
    /**
     * Every call except {@code capabilities()} throws {@link
     * ee.lmstudio.sdk.error.UnsupportedVersionException}.
     */
    REFUSED,
    /** Every call is sent, and its answer shows whether the server supports it. */
    UNKNOWN
  }

  /**
   * Describes versions that have the same capabilities.
   *
   * @param versions the range as people write it, such as {@code 0.3.6 – 0.3.x}
   * @param since the first version of the range; empty for unknown versions
   * @param level how well these versions are supported
   * @param has capabilities of all these versions
   * @param unknown capabilities that only some of these versions have; calls are sent, and the SDK
   *     learns from the answers
   * @param note peculiarities, for people; may be empty
   */
  public record Row(
      String versions,
      Optional<ServerVersion> since,
      Level level,
      Set<Capability> has,
      Set<Capability> unknown,
      String note) {
    /** Checks that nothing is null, and copies the collections. */
    public Row {
      Objects.requireNonNull(versions, "versions");
      Objects.requireNonNull(since, "since");
      Objects.requireNonNull(level, "level");
      has = Set.copyOf(has);
      unknown = Set.copyOf(unknown);
      Objects.requireNonNull(note, "note");
    }

    /**
     * {@return whether these versions have {@code capability}}
     *
     * @param capability the capability to look up
     */
    public Support support(Capability capability) {
      return has.contains(capability)
          ? Support.YES
          : unknown.contains(capability) ? Support.UNKNOWN : Support.NO;
    }
  }

  /** The oldest version that is not refused. */
  public static final ServerVersion FLOOR = ServerVersion.of(0, 2, 18);

  /**
   * The capabilities of every supported version, which the SDK uses without knowing the version.
   */
  public static final Set<Capability> ALWAYS = Set.of(CHAT, COMPLETIONS, EMBEDDINGS, STREAMING);

  private static final Set<Capability> AUDIO = Set.of(TRANSCRIPTION, TRANSLATION, SPEECH);
  private static final Set<Capability> AUDIO_AND_IMAGES = and(AUDIO, IMAGES);

  private static final Row UNKNOWN_VERSION =
      new Row(
          "unknown",
          Optional.empty(),
          Level.UNKNOWN,
          Set.of(),
          EnumSet.allOf(Capability.class),
          "the first use of each capability shows whether LM Studio has it");

  private static final List<Row> ROWS =
      List.of(
          row(
              "0.4.0 and later",
              ServerVersion.of(0, 4, 0),
              Level.PRIMARY,
              and(
                  ALWAYS,
                  STREAM_USAGE,
                  MODEL_STATE,
                  REAL_STATS,
                  NATIVE_MODEL_LIST,
                  MODEL_LOAD,
                  MODEL_UNLOAD,
                  MODEL_DOWNLOAD,
                  API_TOKENS),
              AUDIO_AND_IMAGES,
              "detected by /api/v1; no release has audio or images yet"),
          row(
              "0.3.6 – 0.3.x",
              ServerVersion.of(0, 3, 6),
              Level.PRIMARY,
              and(ALWAYS, MODEL_STATE, REAL_STATS),
              and(AUDIO_AND_IMAGES, STREAM_USAGE),
              "detected by /api/v0; usage in streams since 0.3.18; no release has audio or images"),
          row(
              "0.3.0 – 0.3.5",
              ServerVersion.of(0, 3, 0),
              Level.SECONDARY,
              ALWAYS,
              AUDIO_AND_IMAGES,
              "these servers do not report a version: without other evidence they are treated "
                  + "as unknown"),
          row(
              "0.2.21 – 0.2.x",
              ServerVersion.of(0, 2, 21),
              Level.PRIMARY,
              and(ALWAYS, and(AUDIO_AND_IMAGES, STREAM_USAGE, HEALTH_ENDPOINT)),
              Set.of(),
              "audio and images are experimental"),
          row(
              "0.2.20",
              ServerVersion.of(0, 2, 20),
              Level.SECONDARY,
              and(ALWAYS, and(AUDIO, STREAM_USAGE, HEALTH_ENDPOINT)),
              Set.of(),
              "/health has no api_version"),
          row(
              "0.2.18 – 0.2.19",
              FLOOR,
              Level.LIMITED,
              and(ALWAYS, HEALTH_ENDPOINT),
              Set.of(STREAM_USAGE),
              "usage may be missing from streams: then the SDK counts the tokens"),
          row(
              "older",
              ServerVersion.of(0, 0, 0),
              Level.REFUSED,
              Set.of(),
              Set.of(),
              "all calls except capabilities() are refused, because streaming is not reliable"),
          UNKNOWN_VERSION);

  private CompatibilityMatrix() {}

  private static Row row(
      String versions,
      ServerVersion since,
      Level level,
      Set<Capability> has,
      Set<Capability> unknown,
      String note) {
    return new Row(versions, Optional.of(since), level, has, unknown, note);
  }

  private static Set<Capability> and(Set<Capability> some, Capability... more) {
    return and(some, Set.of(more));
  }

  private static Set<Capability> and(Set<Capability> some, Set<Capability> more) {
    EnumSet<Capability> both = EnumSet.copyOf(some);
    both.addAll(more);
    return both;
  }

  /**
   * {@return all rows, newest versions first; the last row but one is for refused versions, the
   * last row for unknown versions}
   */
  public static List<Row> rows() {
    return ROWS;
  }

  /**
   * {@return the row of a version, or the row of unknown versions if {@code version} is empty}
   *
   * @param version the server's version; empty if unknown
   */
  public static Row row(Optional<ServerVersion> version) {
    return version.stream()
        .flatMap(v -> dated().filter(row -> v.reaches(row.since().orElseThrow())))
        .findFirst()
        .orElse(UNKNOWN_VERSION);
  }

  /**
   * {@return the versions that certainly have {@code capability}, newest first, as people write
   * them}
   *
   * @param capability the capability to look up
   */
  public static List<String> versionsWith(Capability capability) {
    return dated().filter(row -> row.has().contains(capability)).map(Row::versions).toList();
  }

  /**
   * {@return the first version that certainly has {@code capability}}
   *
   * @param capability the capability to look up
   */
  public static ServerVersion firstWith(Capability capability) {
    return dated()
        .filter(row -> row.has().contains(capability))
        .reduce((newer, older) -> older)
        .flatMap(Row::since)
        .orElseThrow();
  }

  private static Stream<Row> dated() {
    return ROWS.stream().filter(row -> row.since().isPresent());
  }
}
