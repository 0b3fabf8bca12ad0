package ee.lmstudio.simulator.socket;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The catalogue of faults that tests, load scripts and commands can ask for by name. The first six
 * happen to an answer at a byte of its body. The others are whole answers, which {@link
 * StatedFaults} writes.
 *
 * <p>Names are written in lower case with hyphens: {@code error-event}.
 */
public enum FaultName {
  /** The connection ends with a FIN. */
  CUT(Script::cutAt),
  /** The connection ends with an RST. */
  RESET(Script::resetAt),
  /** Nothing is sent until {@link SocketSimulator#release()}; then the rest is sent. */
  STALL(Script::stallAt),
  /** Nothing more is sent, and the connection stays open. */
  SILENCE(Script::goSilentAt),
  /** One byte is wrong. */
  CORRUPT(Script::corruptAt),
  /** The rest is sent with one byte in each write. */
  DRIP(Script::dripFrom),

  STATUS_400(() -> StatedFaults.status(400)),
  STATUS_401(() -> StatedFaults.status(401)),
  STATUS_403(() -> StatedFaults.status(403)),
  STATUS_404(() -> StatedFaults.status(404)),
  STATUS_408(() -> StatedFaults.status(408)),
  STATUS_413(() -> StatedFaults.status(413)),
  STATUS_422(() -> StatedFaults.status(422)),
  STATUS_429(() -> StatedFaults.status(429)),
  STATUS_500(() -> StatedFaults.status(500)),
  STATUS_502(() -> StatedFaults.status(502)),
  STATUS_503(() -> StatedFaults.status(503)),
  STATUS_504(() -> StatedFaults.status(504)),
  UNKNOWN_MODEL(StatedFaults::unknownModel),
  CONTEXT_OVERFLOW(StatedFaults::contextOverflow),
  NO_MODEL_LOADED(StatedFaults::noModelLoaded),

  /** 200, with a body that says that there is no such endpoint. */
  UNKNOWN_ENDPOINT(StatedFaults::unknownEndpoint),
  /** 200, with an error as the body. */
  ERROR_BODY(StatedFaults::errorBody),
  /** A whole answer where a stream was asked for. */
  NOT_STREAMED(StatedFaults::notStreamed),
  HTML(StatedFaults::html),
  EMPTY_BODY(StatedFaults::emptyBody),
  WRONG_TYPE(StatedFaults::wrongType),
  REDIRECT(StatedFaults::redirect),
  GZIP(StatedFaults::gzip),
  /** Something that is not HTTP. */
  NO_HTTP(StatedFaults::noHttp),

  ERROR_EVENT(() -> StatedFaults.errorEvent("")),
  ERROR_EVENT_AFTER_TEXT(() -> StatedFaults.errorEvent(StatedFaults.TEXT)),
  ERROR_DATA(StatedFaults::errorData),
  ERROR_LINE(StatedFaults::errorLine),
  /** A chunk that is not JSON. */
  NO_JSON(StatedFaults::noJson),
  /** The stream ends after {@code finish_reason}, without {@code [DONE]}. */
  NO_DONE(StatedFaults::noDone),
  /** Nothing but {@code [DONE]}. */
  ONLY_DONE(StatedFaults::onlyDone),
  DATA_AFTER_DONE(StatedFaults::dataAfterDone),
  /** Comments, unknown events and repeated usage around the answer. */
  NOISE(StatedFaults::noise),
  OTHER_MODEL(StatedFaults::otherModel),
  /** A line of over 1 MiB. */
  LONG_LINE(StatedFaults::longLine),
  /** An event of over 4 MiB, in shorter lines. */
  LARGE_EVENT(StatedFaults::largeEvent),
  /** Over 64 MiB of comments. */
  ENDLESS_COMMENTS(StatedFaults::endlessComments);

  /** Adds a fault to an answer at a byte. */
  @FunctionalInterface
  private interface AtByte {
    Script spoil(Script answer, long atByte);
  }

  private final AtByte atByte;
  private final Supplier<Script> stated;

  FaultName(AtByte atByte) {
    this.atByte = atByte;
    this.stated = null;
  }

  FaultName(Supplier<Script> stated) {
    this.atByte = null;
    this.stated = stated;
  }

  /** Returns whether this fault happens at a byte of an answer. Otherwise it is a whole answer. */
  public boolean isAtByte() {
    return atByte != null;
  }

  /** Returns the name as it is written: {@code error-event}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<FaultName> of(String text) {
    return Arrays.stream(values()).filter(name -> name.text().equals(text)).findFirst();
  }

  static String all() {
    return Arrays.stream(values())
        .map(name -> name.text() + (name.isAtByte() ? "@byte" : ""))
        .collect(Collectors.joining(", "));
  }

  Script in(Script answer, long position) {
    return isAtByte() ? atByte.spoil(answer, position) : stated.get();
  }
}
