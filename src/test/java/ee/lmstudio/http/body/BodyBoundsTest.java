package ee.lmstudio.http.body;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.AllocatedBytes;
import ee.lmstudio.http.api.BodyShape;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.request.JsonBodyReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What callers share: memory, room for unfinished bodies, and turns. */
class BodyBoundsTest {
  private static final Party ANN = Party.caller("ann");
  private static final Party BOB = Party.caller("bob");

  private final BodyMemory memory = new BodyMemory(120_000);
  private final UnfinishedBodies<String> unfinished = new UnfinishedBodies<>(2);

  @Test
  void oneParty_getsHalfTheMemoryAndTheNextHalfOfTheRest() {
    assertThat(memory.take(ANN, 60_000)).isTrue();
    assertThat(memory.take(ANN, 1)).isFalse();
    assertThat(memory.take(BOB, 30_000)).isTrue();
    assertThat(memory.take(BOB, 1)).isFalse();
    memory.give(ANN, 20_000);
    assertThat(memory.take(BOB, 10_000)).isTrue();
    assertThat(memory.take(BOB, 1)).isFalse();
    assertThat(memory.used()).isEqualTo(80_000);
  }

  @Test
  void someMemory_staysFreeForTheNextParty() {
    for (int i = 0; i < 8; i++) {
      Party party = Party.caller("greedy-" + i);
      while (memory.take(party, 100)) {
        assertThat(memory.used()).isLessThan(120_000);
      }
    }
    assertThat(memory.take(BOB, 100)).isTrue();
  }

  @Test
  void allStrangers_areOneParty() {
    BodyBuffer first = new BodyBuffer(memory, Party.stranger("192.0.2.1"), 60_000);
    BodyBuffer second = new BodyBuffer(memory, Party.stranger("192.0.2.2"), 60_000);
    assertThat(first.add(new byte[50_000], 0, 50_000)).isNull();
    assertThat(second.add(new byte[50_000], 0, 50_000)).isEqualTo(BodyErrors.noMemory());
    assertThat(new BodyBuffer(memory, BOB, 1).add(new byte[1], 0, 1)).isNull();
  }

  @Test
  void buffer_returnsTheBytesAndTheMemory() throws IOException {
    byte[] bytes = new byte[40_000];
    new Random(7).nextBytes(bytes);
    for (long announced : new long[] {-1, 40_000, 10}) {
      BodyBuffer buffer = new BodyBuffer(memory, ANN, announced);
      for (int from = 0, count = 1; from < bytes.length; from += count, count = count * 3 % 9973) {
        assertThat(buffer.add(bytes, from, Math.min(bytes.length, from + count))).isNull();
      }
      assertThat(buffer.length()).isEqualTo(bytes.length);
      assertThat(memory.used()).isGreaterThanOrEqualTo(bytes.length);
      assertThat(buffer.stream().readAllBytes()).isEqualTo(bytes);
      assertThat(buffer.stream().read()).as("read once").isEqualTo(-1);
      buffer.release();
      buffer.release();
      assertThat(memory.used()).isZero();
    }
  }

  @Test
  void smallBody_takesNoMoreThanItAnnounces() throws IOException {
    BodyBuffer buffer = new BodyBuffer(memory, ANN, 2);
    assertThat(buffer.add("{}".getBytes(US_ASCII), 0, 2)).isNull();
    assertThat(memory.used()).isEqualTo(2);
    assertThat(buffer.stream().read()).isEqualTo('{');
  }

  @Test
  void oneUnfinishedBodyTooMany_isRefusedToItsCallerOnly() {
    assertThat(unfinished.add("a", ANN).isAdded()).isTrue();
    assertThat(unfinished.add("b", ANN).isAdded()).isTrue();
    assertThat(unfinished.add("c", ANN).isAdded()).isFalse();
    assertThat(unfinished.add("d", BOB).isAdded()).isTrue();
    unfinished.remove("a");
    unfinished.remove("a");
    assertThat(unfinished.add("e", ANN).isAdded()).isTrue();
    assertThat(unfinished.all()).containsExactly("b", "d", "e");
  }

  @Test
  void addressWithTooManyBodies_losesItsOldest() {
    Party address = Party.stranger("192.0.2.1");
    unfinished.add("other", Party.stranger("192.0.2.2"));
    for (int i = 0; i < UnfinishedBodies.MAX_PER_ADDRESS; i++) {
      assertThat(unfinished.add("body " + i, address).toEnd()).isEmpty();
    }
    assertThat(unfinished.add("one more", address).toEnd()).contains("body 0");
    assertThat(unfinished.all()).contains("other", "one more").doesNotContain("body 0");
  }

  @Test
  void strangersWithTooManyBodies_loseTheOldestOfAll() {
    unfinished.add("of a caller", ANN);
    for (int i = 0; i < UnfinishedBodies.MAX_OF_STRANGERS; i++) {
      Party address = Party.stranger("192.0.2." + i);
      assertThat(unfinished.add("body " + i, address).toEnd()).isEmpty();
    }
    assertThat(unfinished.add("form", Party.stranger("198.51.100.1")).toEnd()).contains("body 0");
    assertThat(unfinished.all())
        .hasSize(UnfinishedBodies.MAX_OF_STRANGERS + 1)
        .contains("of a caller", "form");
  }

  @Test
  void simulatorsClients_areNotCounted() {
    for (int i = 0; i < 1000; i++) {
      assertThat(unfinished.add("body " + i, Party.SIMULATOR).isAdded()).isTrue();
    }
    assertThat(unfinished.all()).hasSize(1000);
  }

  @Test
  void parties_takeTurnsAtTheGate() {
    FairGate gate = new FairGate(1);
    List<String> started = new ArrayList<>();
    gate.enter(ANN, () -> started.add("ann 0"));
    for (int i = 1; i <= 3; i++) {
      String name = "ann " + i;
      gate.enter(ANN, () -> started.add(name));
    }
    gate.enter(BOB, () -> started.add("bob 1"));
    assertThat(started).containsExactly("ann 0");
    gate.leave(ANN);
    gate.leave(ANN);
    gate.leave(BOB);
    gate.leave(ANN);
    assertThat(started).containsExactly("ann 0", "ann 1", "bob 1", "ann 2", "ann 3");
  }

  @Test
  void cancelledTurn_isNotTaken() {
    FairGate gate = new FairGate(1);
    List<String> started = new ArrayList<>();
    FairGate.Turn first = () -> started.add("first");
    FairGate.Turn second = () -> started.add("second");
    gate.enter(ANN, first);
    gate.enter(ANN, second);
    assertThat(gate.cancel(ANN, first)).as("it has begun").isFalse();
    assertThat(gate.cancel(ANN, second)).isTrue();
    assertThat(gate.cancel(ANN, second)).isFalse();
    gate.leave(ANN);
    assertThat(started).containsExactly("first");
    gate.enter(BOB, second);
    assertThat(started).containsExactly("first", "second");
  }

  @Test
  void partyWithHalfOfThePlaces_getsNoMoreWhileAnotherWaits() {
    FairGate gate = new FairGate(4);
    List<String> started = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      gate.enter(ANN, () -> started.add("ann"));
    }
    for (int i = 0; i < 3; i++) {
      gate.enter(BOB, () -> started.add("bob"));
    }
    assertThat(started).as("all places, while nobody else waits").hasSize(4);
    started.clear();
    gate.leave(ANN);
    gate.leave(ANN);
    assertThat(started).containsExactly("bob", "bob");
    gate.leave(ANN);
    assertThat(started).containsExactly("bob", "bob", "ann");
    gate.leave(ANN);
    gate.leave(ANN);
    assertThat(started).as("bob has half").containsExactly("bob", "bob", "ann", "ann", "bob");
  }

  @Test
  void turnThatIsNotTaken_passesToTheNext() {
    FairGate gate = new FairGate(1);
    List<String> started = new ArrayList<>();
    gate.enter(ANN, () -> false);
    gate.enter(ANN, () -> started.add("first"));
    for (int i = 0; i < 10_000; i++) {
      gate.enter(ANN, () -> false);
    }
    gate.enter(BOB, () -> false);
    gate.enter(BOB, () -> started.add("second"));
    gate.leave(ANN);
    assertThat(started).containsExactly("first", "second");
    gate.leave(BOB);
    gate.enter(ANN, () -> started.add("third"));
    assertThat(started).containsExactly("first", "second", "third");
  }

  private static BodyBuffer holding(byte[] body) {
    BodyBuffer buffer = new BodyBuffer(new BodyMemory(Long.MAX_VALUE), ANN, body.length);
    assertThat(buffer.add(body, 0, body.length)).isNull();
    return buffer;
  }

  private static void read(byte[] body) {
    try {
      assertThat(JsonBodyReader.read(new ByteArrayInputStream(body), -1, body.length)).isNotNull();
    } catch (ApiException refused) {
      assertThat(refused.error().status()).isBetween(400, 422);
    }
  }

  /** A body of 255 KiB with {@code {"":0}} again and again would take 16 MB. */
  @ParameterizedTest
  @EnumSource
  void bodyThatIsNotLarge_takesLittleMemoryInAnyShape(BodyShape shape) {
    int size = RequestBodies.LARGE - 4000;
    while (holding(shape.ofSize(size)).isWorth(RequestBodies.LARGE)) {
      size -= size / 8;
    }
    byte[] body = shape.ofSize(size);
    read(body); // The first one also loads classes.
    assertThat(AllocatedBytes.by(() -> read(body)))
        .as("%s of %d bytes", shape, body.length)
        .isLessThan(10L * RequestBodies.LARGE);
  }

  @Test
  void longTextWithFewValues_isNotLarge() {
    int size = RequestBodies.LARGE * 3 / 4;
    assertThat(holding(BodyShape.LONG_TEXT.ofSize(size)).isWorth(RequestBodies.LARGE)).isFalse();
    assertThat(holding(BodyShape.NAMELESS_OBJECTS.ofSize(size)).isWorth(RequestBodies.LARGE))
        .isTrue();
    assertThat(holding(new byte[RequestBodies.LARGE]).isWorth(RequestBodies.LARGE)).isTrue();
  }

  @Test
  void largeBodiesThatAreProcessedAtOnce_fitInAnEighthOfTheHeap() {
    int largest = 8 << 20;
    assertThat(RequestBodies.largeAtOnce((512L << 20) / 8, largest)).isEqualTo(1);
    assertThat(RequestBodies.largeAtOnce(1, largest)).isEqualTo(1);
    assertThat(RequestBodies.largeAtOnce(1L << 40, largest))
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }
}
