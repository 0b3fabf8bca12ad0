package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.LIMIT;
import static ee.lmstudio.http.api.Api.chat;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Listeners that come back again and again, in great numbers, or with a cursor of elsewhere. */
@ExtendWith(ContractServer.class)
@Timeout(180)
class ListenerFaultsIT {
  private static final String ASK = chat("\"model\":\"sim-chat\"");
  private static final int RECONNECTS = 1000;

  /** A stream with so many deltas that runs on; LM Studio ends it when released. */
  private static String running(Api api, int deltas) throws Exception {
    Script script = Script.respondWith(200, EVENTS);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < deltas; i++) {
      all.append(Chunks.text("t" + i + " "));
    }
    api.chatAnswers(script.body(all.toString()).thenStall().body(Chunks.end()));
    String id = api.begin(PayaraServer.ALICE, ASK);
    assertThat(api.lmStudio().awaitStall(LIMIT)).isTrue();
    return id;
  }

  @Test
  void reconnectsAThousandTimes_losesAndRepeatsNothing(Api api) throws Exception {
    String id = running(api, RECONNECTS);
    try (Listening steady = api.attach(id, "")) {
      StringBuilder shown = new StringBuilder();
      int last = 1;
      for (int i = 0; i < RECONNECTS; i++) {
        try (Listening again = api.attach(id, "" + last)) {
          Event next = firstOf(again);
          assertThat(next.id()).isEqualTo(last + 1);
          shown.append(next.text("content"));
          last = next.id();
        }
      }
      api.lmStudio().release();
      List<Event> all = steady.readAll().events();
      EventText.assertWithoutGaps(all);
      assertThat(all).hasSize(RECONNECTS + 2);
      assertThat(shown).hasToString(EventText.shown(all));
    }
  }

  /** What came before it, as the retry interval, may have come alone. */
  private static Event firstOf(Listening listening) throws IOException {
    listening.readUntil(text -> endOfFirst(text) > 0);
    String text = listening.text();
    return EventText.events(text.substring(0, endOfFirst(text))).get(0);
  }

  private static int endOfFirst(String text) {
    int id = text.indexOf("\nid: ");
    int end = id < 0 ? -1 : text.indexOf("\n\n", id);
    return end < 0 ? -1 : end + 2;
  }

  /** One that was held for another stream is beyond this log, and counts as none. */
  @Test
  void cursorOfAnotherStream_beginsAtTheBeginning(Api api) throws Exception {
    String longer = running(api, 50);
    String shorter = running(api, 3);
    try (Listening foreign = api.attach(shorter, "40");
        Listening first = api.attach(longer, "")) {
      api.lmStudio().release();
      api.lmStudio().release();
      assertThat(foreign.readAll().events()).extracting(Event::id).containsExactly(1, 2, 3, 4, 5);
      assertThat(first.readAll().events()).hasSize(52);
    }
  }

  @Test
  void manyQuietListeners_allGetTheEnd(Api api) throws Exception {
    idle(api, 300);
  }

  /** Needs 10,000 open files here, and as many in the server. */
  @Tag("thorough")
  @Test
  void tenThousandQuietListeners_allGetTheEnd(Api api) throws Exception {
    idle(api, 10_000);
  }

  private static void idle(Api api, int listeners) throws Exception {
    String id = running(api, 1);
    String request =
        "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nAccept: %s\r\n\r\n"
            .formatted(api.url("streams/" + id).getPath(), PayaraServer.ALICE, EVENTS);
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < listeners; i++) {
        Socket socket = new Socket("127.0.0.1", api.server().baseUrl().getPort());
        sockets.add(socket);
        socket.setSoTimeout((int) LIMIT.toMillis());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        readUntil(socket, "event: delta");
      }
      // Others are served meanwhile.
      assertThat(api.send(api.infer(EVENTS, ASK)).body()).contains("event: completed");
      api.lmStudio().release();
      for (Socket socket : sockets) {
        readUntil(socket, "event: completed");
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static void readUntil(Socket socket, String wanted) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder read = new StringBuilder();
    byte[] some = new byte[2048];
    while (read.indexOf(wanted) < 0) {
      int count = in.read(some);
      assertThat(count).as("more after %s", read).isPositive();
      read.append(new String(some, 0, count, StandardCharsets.US_ASCII));
    }
  }
}
