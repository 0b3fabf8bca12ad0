package ee.lmstudio.sdk.capability;

import static ee.lmstudio.sdk.capability.Capability.*;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The one table of versions and capabilities. The gates of the SDK, {@code docs/compatibility.md}
 * and the tests read it.
 */
public final class CompatibilityMatrix {
  /** How well versions are supported. */
  public enum Level {
    /** Used and tested first. */
    PRIMARY,
    /** Works, with less. */
    SECONDARY,
    /** Works, with gaps that are filled in. */
    LIMITED,
    /** Every call fails with {@link ee.lmstudio.sdk.error.UnsupportedVersionException}. */
    REFUSED,
    /** Every call is sent; its answer tells whether the server can. */
    UNKNOWN
  }

  /**
   * Versions that can do the same.
   *
   * @param versions as people write them: {@code 0.3.6 – 0.3.x}
   * @param since the first of them; empty for unknown versions
   * @param level how well they are supported
   * @param has what they can do
   * @param perhaps what some of them can do: asked for, and learned from the answer
   * @param note what is peculiar, for people; may be empty
   */
  public record Row(
      String versions,
      Optional<ServerVersion> since,
      Level level,
      Set<Capability> has,
      Set<Capability> perhaps,
      String note) {
    /** Checks that nothing is null, and copies the collections. */
    public Row {
      Objects.requireNonNull(versions, "versions");
      Objects.requireNonNull(since, "since");
      Objects.requireNonNull(level, "level");
      has = Set.copyOf(has);
      perhaps = Set.copyOf(perhaps);
      Objects.requireNonNull(note, "note");
    }

    /**
     * {@return whether these versions have {@code capability}}
     *
     * @param capability what is asked about
     */
    public Support support(Capability capability) {
      return has.contains(capability)
          ? Support.YES
          : perhaps.contains(capability) ? Support.UNKNOWN : Support.NO;
    }
  }

  /** The oldest version that is not refused. */
  public static final ServerVersion FLOOR = ServerVersion.of(0, 2, 18);

  /** What every version from the floor on can do, so that nothing needs to be known to ask. */
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
          "each capability is learned on first use");

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
              "known by /api/v1; no release has audio or images yet, which is learned if asked"),
          row(
              "0.3.6 – 0.3.x",
              ServerVersion.of(0, 3, 6),
              Level.PRIMARY,
              and(ALWAYS, MODEL_STATE, REAL_STATS),
              and(AUDIO_AND_IMAGES, STREAM_USAGE),
              "known by /api/v0; usage in streams since 0.3.18; no release has audio or images"),
          row(
              "0.3.0 – 0.3.5",
              ServerVersion.of(0, 3, 0),
              Level.SECONDARY,
              ALWAYS,
              AUDIO_AND_IMAGES,
              "tell no version by themselves: then they are treated as unknown"),
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
              "usage may be missing from streams: it is counted and marked"),
          row(
              "older",
              ServerVersion.of(0, 0, 0),
              Level.REFUSED,
              Set.of(),
              Set.of(),
              "refused: there is no streaming to rely on"),
          UNKNOWN_VERSION);

  private CompatibilityMatrix() {}

  private static Row row(
      String versions,
      ServerVersion since,
      Level level,
      Set<Capability> has,
      Set<Capability> perhaps,
      String note) {
    return new Row(versions, Optional.of(since), level, has, perhaps, note);
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
   * {@return all rows, newest versions first; the last but one is refused, the last is the unknown}
   */
  public static List<Row> rows() {
    return ROWS;
  }

  /**
   * {@return the row of a version; of the unknown, if it is empty}
   *
   * @param version of the server; empty if nobody knows
   */
  public static Row row(Optional<ServerVersion> version) {
    return version.stream()
        .flatMap(v -> dated().filter(row -> v.reaches(row.since().orElseThrow())))
        .findFirst()
        .orElse(UNKNOWN_VERSION);
  }

  /**
   * {@return the versions that surely have {@code capability}, newest first, as people write them}
   *
   * @param capability what is asked about
   */
  public static List<String> versionsWith(Capability capability) {
    return dated().filter(row -> row.has().contains(capability)).map(Row::versions).toList();
  }

  /**
   * {@return the first version that surely has {@code capability}}
   *
   * @param capability what is asked about
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
