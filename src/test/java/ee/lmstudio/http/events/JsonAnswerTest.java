package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.run.Presence;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** JSON answers go out at the client's speed, and nobody waits for the client. */
@Timeout(60)
class JsonAnswerTest extends EventStreamResponseFixture {
  private static final String SHORT = "{\"a\":1}";

  private final AtomicInteger givenBack = new AtomicInteger();
  private final JsonAnswers answers = new JsonAnswers(1 << 30);

  private JsonAnswer answer(ListenerWatch watch) {
    return new JsonAnswer(
        client.request(),
        watch,
        answers.share("alice"),
        end -> {
          Presence.Visit visit = test.run.presence().read(end);
          return () -> {
            visit.close();
            givenBack.incrementAndGet();
          };
        },
        released::incrementAndGet);
  }

  private void send(Pieces body) throws IOException {
    answer(watch).begin(body);
    client.read();
  }

  private static Pieces json(String text) {
    return new Pieces.Builder().raw(text).build();
  }

  @Test
  void shortBody_hasItsLengthAndIsReleased() throws Exception {
    send(json(SHORT));
    assertThat(client.answered)
        .containsEntry("setStatus", 200)
        .containsEntry("setContentType", "application/json")
        .containsEntry("setContentLength", SHORT.length());
    assertThat(client.received()).isEqualTo(SHORT);
    assertThat(client.flushes).isEqualTo(1);
    assertThat(released).hasValue(1);
    assertThat(givenBack).hasValue(1);
  }

  @Test
  void longBody_arrivesWholeWithoutALength() throws Exception {
    String text = "[\"" + BIG.repeat(3) + "\"]";
    slowClient();
    send(json(text));
    readAll();
    assertThat(client.received()).isEqualTo(text);
    assertThat(client.answered).doesNotContainKey("setContentLength");
    assertThat(released).hasValue(1);
    assertThat(givenBack).hasValue(1);
  }

  @Test
  void head_getsHeadersAndNoBody() throws Exception {
    client.method = "HEAD";
    send(json(SHORT));
    assertThat(client.answered).containsEntry("setContentLength", SHORT.length());
    assertThat(client.received()).isEmpty();
    assertThat(client.flushes).as("the headers are sent").isEqualTo(1);
    assertThat(released).hasValue(1);
  }

  @Test
  void clientThatReadsNothing_getsOnePieceAndHoldsNoThread() throws Exception {
    slowClient();
    test.open().text(BIG.repeat(16)).complete();
    Frames frames = watch.join(test.run.log(), Dialect.API);
    answer(watch).begin(frames.state());
    client.read(1);
    assertThat(client.unread()).isBetween(Pieces.PIECE - 1, Pieces.PIECE + 5);
    assertThat(released).hasValue(0);
    readAll();
    assertThat(client.received()).contains(BIG.repeat(16)).endsWith("}");
    assertThat(released).hasValue(1);
  }

  @Test
  void readsNothingForLongerThanTheRetention_isDisconnected() throws Exception {
    slowClient();
    send(json(BIG));
    clock.addAndGet(KEEP_ALIVE.plus(KEPT).toNanos());
    watch.look();
    watch.look();
    assertThat(released).as("still in time").hasValue(0);
    clock.addAndGet(1);
    watch.look();
    assertThat(released).hasValue(1);
    assertThat(givenBack).hasValue(1);
    client.read();
    assertThat(client.received()).isNotEqualTo(BIG);
  }

  @Test
  void clientGone_isReleasedOnce() throws Exception {
    slowClient();
    answer(watch).begin(json(BIG));
    client.read();
    client.leave();
    clock.addAndGet(KEEP_ALIVE.toNanos() + 1);
    watch.look();
    watch.look();
    assertThat(released).hasValue(1);
    assertThat(givenBack).hasValue(1);
  }

  @Test
  void memoryOfTheLogNeeded_isBrokenOff() throws Exception {
    slowClient();
    test.open().text(BIG).complete();
    send(watch.join(test.run.log(), Dialect.API).state());
    test.dismissListeners();
    assertThat(released).hasValue(1);
    assertThat(givenBack).hasValue(1);
    String before = client.received();
    client.read();
    assertThat(client.received()).isEqualTo(before);
  }

  /** An answer without a beginning would be an empty 200. */
  @Test
  void memoryOfTheLogNeededBeforeItBegan_isNotFound() {
    JsonAnswer answer = answer(watch);
    test.dismissListeners();
    assertThat(released).as("the thread that begins it answers").hasValue(0);
    assertThatThrownBy(() -> answer.begin(json(SHORT)))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> assertThat(e.error().code()).isEqualTo(ErrorCode.STREAM_NOT_FOUND));
    assertThat(client.answered).isEmpty();
    answer.abandon();
    assertThat(givenBack).hasValue(1);
    assertThat(released).hasValue(0);
  }

  @Test
  void memoryOfTheLogNeededWhileItBegins_isBrokenOff() throws Exception {
    JsonAnswer answer = answer(watch);
    client.onOutput = test::dismissListeners;
    answer.begin(json(SHORT));
    client.read();
    assertThat(client.received()).isEmpty();
    assertThat(released).hasValue(1);
    assertThat(givenBack).hasValue(1);
  }

  @Test
  void memoryOfTheLogNeededBeforeTheClientCame_isNotFound() {
    test.dismissListeners();
    JsonAnswer answer = answer(watch);
    assertThatThrownBy(() -> answer.begin(json(SHORT))).isInstanceOf(ApiException.class);
    answer.abandon();
    assertThat(givenBack).hasValue(1);
  }

  @Test
  void endedBeforeItBegan_isNeverWritten() throws Exception {
    JsonAnswer answer = answer(watch);
    answer.onComplete(null);
    answer.begin(json(SHORT));
    client.read();
    assertThat(client.received()).isEmpty();
    assertThat(client.answered).as("the response may belong to another request").isEmpty();
    assertThat(givenBack).hasValue(1);
    assertThat(released).as("the container did it").hasValue(0);
  }

  @Test
  void abandoned_givesBackAndReleasesNothing() {
    answer(watch).abandon();
    assertThat(givenBack).hasValue(1);
    assertThat(released).hasValue(0);
  }
}
