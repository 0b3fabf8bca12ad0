package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ListenerWatchTest {
  private final ListenerWatch watch = new ListenerWatch(() -> 0);
  private final List<String> looks = new ArrayList<>();

  /** The connection may serve another client by then. */
  @Test
  void removedListener_isNotCheckedAnyMore() {
    Runnable gone = () -> looks.add("gone");
    watch.add(gone);
    watch.add(() -> looks.add("stays"));
    watch.remove(gone);
    watch.look();
    assertThat(looks).containsExactly("stays");
  }

  /** One thread does all of it, and one caller may have hundreds of clients. */
  @Test
  @Timeout(20)
  void workOfManyClientsOfOneCaller_doesNotComeBeforeAnothersFirst() throws Exception {
    watch.begin();
    CountDownLatch all = new CountDownLatch(1);
    CountDownLatch queued = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    watch.later(
        "alice",
        () -> {
          begun.countDown();
          try {
            queued.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    begun.await();
    for (int i = 1; i <= 4; i++) {
      String name = "alice" + i;
      watch.later("alice", () -> looks.add(name));
    }
    watch.later("bob", () -> looks.add("bob1"));
    watch.later("bob", () -> looks.add("bob2"));
    watch.later("carol", () -> looks.add("carol1"));
    watch.later("alice", all::countDown);
    queued.countDown();
    all.await();
    watch.end();
    assertThat(looks)
        .containsExactly("alice1", "bob1", "carol1", "alice2", "bob2", "alice3", "alice4");
  }

  @Test
  void checkThatThrows_doesNotStopOtherChecks() {
    watch.add(
        () -> {
          throw new IllegalStateException("A defect, planted by this test");
        });
    watch.add(() -> looks.add("other"));
    watch.look();
    watch.look();
    assertThat(looks).containsExactly("other", "other");
  }
}
