package ee.lmstudio.server.door;

import static ee.lmstudio.server.door.DoorServer.CLOSE;
import static ee.lmstudio.server.door.DoorServer.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A crowd whose requests keep its selector thread busy, and other clients beside it. */
@Timeout(60)
class SelectorsTest {
  private static final String CROWD = "127.0.0.2";
  private static final String OTHER = "127.0.0.3";
  private static final String LIVE = "GET /health/live HTTP/1.1\r\n";
  private static final String BUSY = LIVE + "Host: busy\r\n\r\n";

  /** Gets a permit when a selector thread is busy with {@link #BUSY}. */
  private final Semaphore busy = new Semaphore(0);

  private final CountDownLatch release = new CountDownLatch(1);
  private DoorServer server;

  @BeforeEach
  void start() throws IOException {
    Duration unlimited = Duration.ofHours(1);
    server = new DoorServer(new Limits(1_000, 0, unlimited, unlimited, 1 << 30, 1 << 30), 8);
    server.door.setForeignHost(
        (host, called) -> {
          if (host.equals("busy")) {
            busy.release();
            awaitRelease();
          }
          return false;
        });
  }

  @AfterEach
  void stop() throws IOException {
    release.countDown();
    server.close();
  }

  @Test
  void threadOfTheCrowdIsBusy_othersAreAcceptedAndAnswered() throws Exception {
    crowd();
    keepBusy(CROWD);

    assertAnswered(OTHER);
  }

  @Test
  void threadOfTheOthersIsBusy_theCrowdIsAnswered() throws Exception {
    crowd();
    keepBusy(OTHER);

    assertAnswered(CROWD);
  }

  @Test
  void connectionsThatWaitForABusyThread_areAllAnsweredLater() throws Exception {
    keepBusy(OTHER);
    List<Socket> waiting = new ArrayList<>();
    for (int i = 0; i < 2 * Selectors.MOST_NEW; i++) {
      waiting.add(server.send(OTHER, LIVE + HOST + CLOSE));
    }
    server.awaitConnections(1 + Selectors.MOST_NEW);
    release.countDown();

    for (Socket one : waiting) {
      assertThat(DoorServer.rest(one)).startsWith("HTTP/1.1 200 ");
    }
  }

  /** Opens connections until their network is crowded. */
  private void crowd() throws IOException {
    for (int i = 0; i <= Networks.CROWD; i++) {
      server.connect(CROWD);
    }
    server.awaitConnections(Networks.CROWD + 1);
  }

  private void keepBusy(String address) throws IOException, InterruptedException {
    server.send(address, BUSY);
    assertThat(busy.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
  }

  /**
   * Asks on several connections: if connections were spread over the threads, a busy thread would
   * serve some of them.
   */
  private void assertAnswered(String address) throws IOException {
    for (int i = 0; i < 6; i++) {
      assertThat(DoorServer.rest(server.send(address, LIVE + HOST + CLOSE)))
          .startsWith("HTTP/1.1 200 ");
    }
  }

  private void awaitRelease() {
    try {
      release.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
