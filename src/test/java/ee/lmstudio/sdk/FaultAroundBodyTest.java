package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.sdk.ScriptedLmStudio.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.simulator.socket.FaultName;
import ee.lmstudio.simulator.socket.NamedFault;
import ee.lmstudio.simulator.socket.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same as {@link FaultEverywhereTest}, at the bytes that it leaves alone: those of the head and
 * those that frame the chunks. After each fault all seven invariants.
 */
class FaultAroundBodyTest {
  /** A fault at one byte. */
  private enum Kind {
    CUT,
    RESET,
    STALL,
    SILENCE,
    GARBAGE,
    FLIPPED_BIT
  }

  private static final String RECOVERED = "recovered";
  private static final long SEED = 20_252;
  private static final int SAMPLE = 40;
  private static final Duration SHORT = Duration.ofMillis(100);

  static Stream<Arguments> faults() {
    return RecordedStream.all()
        .flatMap(stream -> Stream.of(Kind.values()).map(kind -> Arguments.of(kind, stream)));
  }

  @ParameterizedTest(name = "{0} around {1}")
  @MethodSource("faults")
  void sampleOfBytes_keepsTheInvariants(Kind kind, RecordedStream stream) {
    RawAnswer raw = new RawAnswer(stream);
    List<Integer> all = raw.positions().boxed().collect(Collectors.toList());
    Random random = new Random(SEED);
    Collections.shuffle(all, random);
    int[] some = all.stream().limit(SAMPLE).mapToInt(Integer::intValue).sorted().toArray();
    check(kind, raw, some, at -> IntStream.of(random.nextInt(8)));
  }

  @Tag("thorough")
  @ParameterizedTest(name = "{0} around {1}")
  @MethodSource("faults")
  void everyByte_keepsTheInvariants(Kind kind, RecordedStream stream) {
    RawAnswer raw = new RawAnswer(stream);
    check(kind, raw, raw.positions().toArray(), at -> IntStream.range(0, 8));
  }

  /** Which bits of a byte to flip, one after the other. */
  private interface Bits {
    IntStream of(int position);
  }

  private static void check(Kind kind, RawAnswer raw, int[] positions, Bits bits) {
    switch (kind) {
      case STALL -> stall(raw, positions);
      case SILENCE -> silence(raw, positions);
      default -> {
        for (StreamRecovery recovery : StreamRecovery.values()) {
          try (Invariants invariants = new Invariants(s -> s.streamRecovery(recovery))) {
            for (int at : positions) {
              switch (kind) {
                case CUT -> ends(invariants, FaultName.CUT, raw, at, recovery);
                case RESET -> ends(invariants, FaultName.RESET, raw, at, recovery);
                case GARBAGE -> garbled(invariants, raw, at, garbage(raw, at), recovery);
                default ->
                    bits.of(at)
                        .forEach(
                            bit -> {
                              byte[] flipped = raw.bytes();
                              flipped[at] ^= (byte) (1 << bit);
                              garbled(invariants, raw, at, flipped, recovery);
                            });
              }
            }
          }
        }
      }
    }
  }

  private static byte[] garbage(RawAnswer raw, int at) {
    return new NamedFault(FaultName.CORRUPT, at).arrivingOf(raw.bytes());
  }

  private static Script recovery() {
    return Script.respondWith(200, "text/event-stream").body(text(RECOVERED) + end());
  }

  private static Expected whole(Truth truth) {
    return Expected.completes(truth.finishReason(), 1, truth.text());
  }

  private static Truth truth(RawAnswer raw) {
    return Truth.of(raw.stream.bytes());
  }

  /** The connection ends there: a break, unless the answer was whole. */
  private static void ends(
      Invariants invariants, FaultName name, RawAnswer raw, int at, StreamRecovery recovery) {
    NamedFault fault = new NamedFault(name, at);
    Truth came = raw.before(at);
    Expected broken =
        recovery == StreamRecovery.RESTART || came.text().isEmpty()
            ? Expected.completes("stop", 2, came.text(), RECOVERED)
            : Expected.fails(StreamingException.class, 1, came.text());
    invariants.check(
        fault + " " + recovery,
        outcome -> {
          // A head that ends too early may look like a shorter one: then it is none of LM Studio's.
          if (RawAnswer.inHead(at) && outcome.posted() == 1) {
            return Expected.fails(ProtocolException.class, 1, "");
          }
          return came.end() == Truth.End.WHOLE ? whole(came) : broken;
        },
        List.of(fault.in(Script.respondWithRaw(raw.bytes())), recovery()),
        observer -> {});
  }

  /**
   * A wrong byte there can mean nothing, a break, or, in the head, an answer that is none of LM
   * Studio's, or has another status. It never means another text, nor that a part is taken for the
   * whole.
   */
  private static void garbled(
      Invariants invariants, RawAnswer raw, int at, byte[] wrong, StreamRecovery recovery) {
    Truth truth = truth(raw);
    String context =
        "byte %d is %d, not %d, %s".formatted(at, wrong[at], raw.bytes()[at], recovery);
    invariants.check(
        context,
        outcome -> {
          if (outcome.posted() == 2) {
            return Expected.completes("stop", 2, truth.text(), RECOVERED);
          }
          if (outcome.error() == null) {
            return whole(truth);
          }
          if (RawAnswer.inHead(at) && outcome.observer().texts().equals(List.of(""))) {
            boolean failed = RawAnswer.saysServerError(wrong);
            return Expected.fails(failed ? ServerException.class : ProtocolException.class, 1, "");
          }
          assertThat(recovery).as(context).isEqualTo(StreamRecovery.OFF);
          return Expected.fails(StreamingException.class, 1, truth.text());
        },
        List.of(Script.respondWithRaw(wrong), recovery()),
        observer -> {});
  }

  /** Goes on as if nothing had been. */
  private static void stall(RawAnswer raw, int[] positions) {
    try (Invariants invariants = new Invariants(s -> s)) {
      for (int at : positions) {
        if (raw.before(at).done()) {
          continue; // The SDK does not wait for what follows.
        }
        NamedFault fault = new NamedFault(FaultName.STALL, at);
        invariants.check(
            fault.toString(),
            whole(truth(raw)),
            List.of(fault.in(Script.respondWithRaw(raw.bytes()))),
            observer -> {
              assertThat(invariants.lmStudio.server.awaitStall(LIMIT)).isTrue();
              assertThat(observer.last).as("ended at %s", fault).isNotDone();
              invariants.lmStudio.server.release();
            });
      }
    }
  }

  private static void silence(RawAnswer raw, int[] positions) {
    List<Silence> withoutText = new ArrayList<>();
    List<Silence> withText = new ArrayList<>();
    for (int at : positions) {
      Truth came = raw.before(at);
      if (came.done()) {
        continue; // The SDK does not wait for what follows.
      }
      NamedFault fault = new NamedFault(FaultName.SILENCE, at);
      (raw.textBefore(at) ? withText : withoutText)
          .add(new Silence(fault.toString(), came, fault.in(Script.respondWithRaw(raw.bytes()))));
    }
    Silence.eachEndsInTime(true, SHORT, withoutText);
    Silence.eachEndsInTime(false, SHORT, withText);
  }
}
