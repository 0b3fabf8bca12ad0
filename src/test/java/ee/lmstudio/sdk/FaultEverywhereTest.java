package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.sdk.ScriptedLmStudio.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.simulator.socket.FaultName;
import ee.lmstudio.simulator.socket.NamedFault;
import ee.lmstudio.simulator.socket.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Recorded streams with each fault that happens at a byte, at every byte; after each one all seven
 * invariants.
 */
class FaultEverywhereTest {
  private static final String RECOVERED = "recovered";
  private static final long SEED = 20_251;
  private static final int SAMPLE = 30;

  private static final Duration SHORT_FIRST_TOKEN = Duration.ofMillis(200);
  private static final Duration SHORT_IDLE = Duration.ofMillis(30);

  static Stream<Arguments> faults() {
    return RecordedStream.all()
        .flatMap(
            stream ->
                Arrays.stream(FaultName.values())
                    .filter(FaultName::isAtByte)
                    .map(name -> Arguments.of(name, stream)));
  }

  @ParameterizedTest(name = "{0} of {1}")
  @MethodSource("faults")
  void sampleOfBytes_keepsTheInvariants(FaultName name, RecordedStream stream) {
    Random random = new Random(SEED);
    check(name, stream, random.ints(SAMPLE, 0, stream.bytes().length + 1).sorted().distinct());
  }

  @Tag("thorough")
  @ParameterizedTest(name = "{0} of {1}")
  @MethodSource("faults")
  void everyByte_keepsTheInvariants(FaultName name, RecordedStream stream) {
    check(name, stream, IntStream.rangeClosed(0, stream.bytes().length));
  }

  private static void check(FaultName name, RecordedStream stream, IntStream positions) {
    int[] at = positions.toArray();
    switch (name) {
      case SILENCE -> silence(stream, at);
      case STALL -> stall(stream, at);
      default -> {
        for (StreamRecovery recovery : StreamRecovery.values()) {
          spoil(name, stream, at, recovery);
        }
      }
    }
  }

  private static Script answer(byte[] bytes) {
    return Script.respondWith(200, "text/event-stream").body(bytes);
  }

  /** Cut, reset, corrupt and drip: what arrives decides what must come of it. */
  private static void spoil(
      FaultName name, RecordedStream stream, int[] positions, StreamRecovery recovery) {
    byte[] bytes = stream.bytes();
    try (Invariants invariants = new Invariants(s -> s.streamRecovery(recovery))) {
      for (int at : positions) {
        NamedFault fault = new NamedFault(name, at);
        Truth truth = Truth.of(fault.arrivingOf(bytes));
        boolean again =
            truth.end() == Truth.End.BROKEN
                && (recovery == StreamRecovery.RESTART || truth.text().isEmpty());
        Expected expected =
            again ? Expected.completes("stop", 2, truth.text(), RECOVERED) : expected(truth);
        List<Script> next = again ? List.of(answer(text(RECOVERED), end())) : List.of();
        invariants.check(fault + " " + recovery, expected, then(fault.in(answer(bytes)), next));
        if (name == FaultName.CUT) {
          // Without chunks nothing but the words say that the body is not whole.
          invariants.check(
              fault + " until close " + recovery,
              expected,
              then(fault.in(answer(bytes).delimitedByClose()), next));
        }
      }
    }
  }

  private static List<Script> then(Script first, List<Script> next) {
    return Stream.concat(Stream.of(first), next.stream()).toList();
  }

  private static Script answer(String... frames) {
    return answer(String.join("", frames).getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static Expected expected(Truth truth) {
    return switch (truth.end()) {
      case WHOLE -> Expected.completes(truth.finishReason(), 1, truth.text());
      case BROKEN -> Expected.fails(StreamingException.class, 1, truth.text());
      case WITHOUT_A_WORD -> Expected.fails(ProtocolException.class, 1, "");
      case ERROR -> throw new IllegalStateException("A recorded stream has no error frame");
    };
  }

  /** Goes on as if nothing had been; meanwhile no more is shown than what came. */
  private static void stall(RecordedStream stream, int[] positions) {
    byte[] bytes = stream.bytes();
    Truth whole = Truth.of(bytes);
    try (Invariants invariants = new Invariants(s -> s)) {
      for (int at : positions) {
        if (Truth.of(Arrays.copyOf(bytes, at)).done()) {
          continue; // The SDK does not wait for what follows.
        }
        NamedFault fault = new NamedFault(FaultName.STALL, at);
        invariants.check(
            fault.toString(),
            expected(whole),
            List.of(fault.in(answer(bytes))),
            observer -> {
              assertThat(invariants.lmStudio.server.awaitStall(LIMIT)).isTrue();
              String came = Truth.of(Arrays.copyOf(bytes, at)).text();
              assertThat(came).as("shown at %s", fault).startsWith(observer.text());
              assertThat(observer.last).as("ended at %s", fault).isNotDone();
              invariants.lmStudio.server.release();
            });
      }
    }
  }

  private static void silence(RecordedStream stream, int[] positions) {
    byte[] bytes = stream.bytes();
    List<Silence> withoutText = new ArrayList<>();
    List<Silence> withText = new ArrayList<>();
    for (int at : positions) {
      Truth came = Truth.of(Arrays.copyOf(bytes, at));
      if (came.done()) {
        continue; // The SDK does not wait for what follows.
      }
      NamedFault fault = new NamedFault(FaultName.SILENCE, at);
      (at < stream.textFrom() ? withoutText : withText)
          .add(new Silence(fault.toString(), came, fault.in(answer(bytes))));
    }
    Silence.eachEndsInTime(true, SHORT_FIRST_TOKEN, withoutText);
    Silence.eachEndsInTime(false, SHORT_IDLE, withText);
  }
}
