package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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
