package ee.lmstudio.http.body;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ErrorCode;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivingBodyTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final BodyMemory memory = new BodyMemory(200_000);
  private final Network network = new Network();
  private final List<String> outcome = new ArrayList<>();
  private long nanos;

  /** The input stream of a container that has received a part of the body. */
  private static final class Network extends ServletInputStream {
    private String arrived = "";
    private boolean ended;
    private IOException broken;
    private Runnable whileListening = () -> {};

    @Override
    public int read() {
      throw new UnsupportedOperationException("Reads in pieces");
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      if (broken != null) {
        throw broken;
      }
      if (arrived.isEmpty()) {
        assertThat(ended).as("it would wait for bytes").isTrue();
        return -1;
      }
      int read = Math.min(count, arrived.length());
      System.arraycopy(arrived.getBytes(US_ASCII), 0, into, from, read);
      arrived = arrived.substring(read);
      return read;
    }

    @Override
    public int available() {
      return arrived.length();
    }

    @Override
    public boolean isReady() {
      return !arrived.isEmpty() || broken != null;
    }

    @Override
    public boolean isFinished() {
      return ended && arrived.isEmpty();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      whileListening.run(); // The test calls the listener.
    }
  }

  private final class Told implements ArrivingBody.Outcome {
    @Override
    public void arrived() {
      outcome.add("arrived");
    }

    @Override
    public void ended(ApiError why) {
      outcome.add(why.code().text());
    }
  }

  private ArrivingBody body(long announced, BodyBuffer buffer) throws IOException {
    ArrivingBody body =
        new ArrivingBody(
            network,
            null,
            announced,
            100_000,
            buffer,
            new BodyPace(() -> nanos, LIMIT),
            new Told());
    body.listen();
    return body;
  }

  private BodyBuffer buffer(long announced) {
    return new BodyBuffer(memory, Party.caller("ann"), announced);
  }

  private void after(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void bytesInPieces_areKeptInOrder() throws IOException {
    BodyBuffer buffer = buffer(10);
    ArrivingBody body = body(10, buffer);
    network.arrived = "012";
    assertThat(body.readAvailable()).isFalse();
    for (String piece : List.of("3456", "", "789")) {
      assertThat(outcome).isEmpty();
      network.arrived = piece;
      body.onDataAvailable();
    }
    assertThat(outcome).containsExactly("arrived");
    body.onAllDataRead();
    body.end(BodyErrors.crowdedOut());
    body.onError(new IOException("reset"));
    assertThat(outcome).as("it is told once").containsExactly("arrived");
    assertThat(new String(buffer.stream().readAllBytes(), StandardCharsets.US_ASCII))
        .isEqualTo("0123456789");
  }

  @Test
  void wholeBody_isKnownAtOnce() throws IOException {
    ArrivingBody body = body(5, buffer(5));
    network.arrived = "Hello";
    assertThat(body.readAvailable()).isTrue();
    assertThat(body.error()).isNull();
    assertThat(body.length()).isEqualTo(5);
    assertThat(outcome).as("the caller knows").isEmpty();
  }

  @Test
  void chunkedBody_endsWhereTheContainerSaysSo() throws IOException {
    ArrivingBody body = body(-1, buffer(-1));
    network.arrived = "Hello";
    assertThat(body.readAvailable()).isFalse();
    network.arrived = " world";
    body.onDataAvailable();
    assertThat(outcome).isEmpty();
    network.ended = true;
    body.onAllDataRead();
    assertThat(outcome).containsExactly("arrived");
    assertThat(body.length()).isEqualTo(11);
  }

  @Test
  void bodyThatEndsEarly_isMalformedAndLeavesNothing() throws IOException {
    ArrivingBody body = body(10, buffer(10));
    network.arrived = "Hello";
    body.readAvailable();
    network.ended = true;
    body.onAllDataRead();
    assertThat(outcome).containsExactly(ErrorCode.MALFORMED_REQUEST.text());
    assertThat(memory.used()).isZero();
  }

  @Test
  void clientThatVanishes_leavesNothing() throws IOException {
    ArrivingBody body = body(10, buffer(10));
    network.arrived = "Hello";
    body.readAvailable();
    assertThat(memory.used()).isPositive();
    body.onError(new IOException("reset"));
    assertThat(outcome).containsExactly(ErrorCode.MALFORMED_REQUEST.text());
    assertThat(memory.used()).isZero();
  }

  @Test
  void brokenStream_isMalformed() throws IOException {
    ArrivingBody body = body(10, buffer(10));
    network.broken = new IOException("no valid chunk");
    body.onDataAvailable();
    assertThat(outcome).containsExactly(ErrorCode.MALFORMED_REQUEST.text());
  }

  @Test
  void bodyOverTheLimit_isNotKeptNorReadOn() throws IOException {
    ArrivingBody body = body(-1, buffer(-1));
    network.arrived = "x".repeat(120_000);
    assertThat(body.readAvailable()).isTrue();
    assertThat(body.error()).as("the resource answers 413").isNull();
    assertThat(body.length()).isGreaterThan(100_000);
    assertThat(memory.used()).isZero();
    assertThat(network.arrived).as("not read").isNotEmpty();
  }

  @Test
  void bodyOverItsShareOfTheMemory_isEnded() throws IOException {
    assertThat(memory.take(Party.caller("ann"), 90_000)).isTrue();
    ArrivingBody body = body(-1, buffer(-1));
    network.arrived = "x".repeat(50_000);
    body.onDataAvailable();
    assertThat(outcome).containsExactly(ErrorCode.OVERLOADED.text());
    assertThat(memory.used()).as("what it had taken is free again").isEqualTo(90_000);
  }

  @Test
  void droppedBody_takesNoMemory() throws IOException {
    ArrivingBody body = body(50_000, null);
    network.arrived = "x".repeat(50_000);
    assertThat(body.readAvailable()).isTrue();
    assertThat(memory.used()).isZero();
  }

  @Test
  void bodyEndedWhileTheContainerTakesTheListener_isToldAfterwards() throws IOException {
    ArrivingBody body =
        new ArrivingBody(
            network, null, 9, 9, buffer(9), new BodyPace(() -> nanos, LIMIT), new Told());
    network.whileListening =
        () -> {
          body.end(BodyErrors.crowdedOut());
          assertThat(outcome).isEmpty();
        };
    body.listen();
    assertThat(outcome).containsExactly(ErrorCode.OVERLOADED.text());
  }

  @Test
  void bodyThatIsLate_isEndedOnce() throws IOException {
    ArrivingBody body = body(90_000, buffer(90_000));
    network.arrived = "x".repeat(80_000);
    body.readAvailable();
    after(LIMIT);
    body.checkPace();
    assertThat(outcome).isEmpty();
    after(Duration.ofNanos(1));
    body.checkPace();
    body.checkPace();
    assertThat(outcome).containsExactly(ErrorCode.REQUEST_TIMEOUT.text());
    assertThat(memory.used()).isZero();
    network.arrived = "x".repeat(10_000);
    body.onDataAvailable();
    assertThat(network.arrived).as("nothing more is read").hasSize(10_000);
  }

  @Test
  void bodyThatDrips_isEndedAfterFiveSeconds() throws IOException {
    ArrivingBody body = body(90_000, buffer(90_000));
    for (int second = 0; second < 5; second++) {
      network.arrived = "x";
      body.onDataAvailable();
      after(Duration.ofSeconds(1));
      body.checkPace();
      assertThat(outcome).isEmpty();
    }
    after(Duration.ofNanos(1));
    body.checkPace();
    assertThat(outcome).containsExactly(ErrorCode.REQUEST_TIMEOUT.text());
  }

  @Test
  void bodyAtTheLeastRate_mayGoOn() throws IOException {
    ArrivingBody body = body(90_000, buffer(90_000));
    for (int second = 0; second < LIMIT.toSeconds(); second++) {
      network.arrived = "x".repeat(BodyPace.BYTES_PER_SECOND);
      body.onDataAvailable();
      after(Duration.ofSeconds(1));
      body.checkPace();
    }
    assertThat(outcome).isEmpty();
  }

  @Test
  void timeoutOfZero_leavesTheLeastRate() {
    BodyPace pace = new BodyPace(() -> nanos, Duration.ZERO);
    after(Duration.ofHours(1));
    assertThat(pace.check(3600L * BodyPace.BYTES_PER_SECOND)).isNull();
    assertThat(pace.check(3600L * BodyPace.BYTES_PER_SECOND - 1)).isNotNull();
  }
}
