package ee.lmstudio.server.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Turns with threads that run a request when the test says so. */
class TurnsTest {
  private static final int SLOTS = 7;
  private static final int PLACES = 64;

  /** Requests that have a thread and are not processed yet. */
  private final Deque<Runnable> threads = new ArrayDeque<>();

  private final List<String> processed = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final List<String> held = new ArrayList<>();
  private boolean noThread;
  private final Turns turns =
      new Turns(
          task -> {
            if (noThread) {
              throw new RejectedExecutionException();
            }
            threads.add(task);
          },
          SLOTS,
          PLACES);

  @Test
  void requestThatFindsAFreeThread_startsAtOnce() {
    assertThat(add("a", "x")).isTrue();
    assertThat(threads).hasSize(1);
  }

  @Test
  void requestWithALargeBeginning_takesTheRoomOfSeveral() {
    for (int i = 0; i < SLOTS; i++) {
      add("busy " + i, "x");
    }
    int ofOne = PLACES / 3;
    assertThat(turns.add("a", "x", ofOne, request("large", null))).isTrue();
    assertThat(turns.add("a", "x", ofOne, request("too much", null))).isFalse();
    assertThat(turns.add("b", "x", 1, request("small", null))).isTrue();
  }

  @Test
  void requestsWithoutBytes_arePassedOnToo() {
    for (int i = 0; i < 10; i++) {
      turns.add("a", "x", 0, request("a x", null));
    }
    processAll();
    assertThat(processed).hasSize(10);
  }

  @Test
  void oneNetwork_leavesHalfOfTheThreads() {
    for (int i = 0; i < 40; i++) {
      add("flood", "caller " + i);
    }
    assertThat(threads).hasSize(4);

    add("bystander", "x");
    assertThat(threads).hasSize(5);
  }

  @Test
  void oneCaller_leavesRoomForOthersOfItsNetwork() {
    flood("flood", 15);
    assertThat(threads).hasSize(3);

    add("flood", "another caller");
    assertThat(threads).hasSize(4);
  }

  @Test
  void callerOfManyNetworks_leavesHalfOfTheThreadsAndOfThePlaces() {
    int accepted = 0;
    for (int i = 0; i < 200; i++) {
      accepted += addOf("token", "network " + i) ? 1 : 0;
    }
    assertThat(threads).hasSize(4);
    assertThat(accepted - threads.size()).isEqualTo(PLACES / 2);

    addOf("another token", "network 0");
    assertThat(threads).as("it does not wait for 200 turns").hasSize(5);
    processAll();
    assertThat(processed).hasSize(accepted + 1);
  }

  @Test
  void callerOfManyNetworksThatHasEnded_leavesNothingBehind() {
    for (int i = 0; i < 3; i++) {
      addOf("token", "network " + i);
    }
    processAll();
    for (int i = 0; i < 200; i++) {
      addOf("token", "network " + i);
    }
    assertThat(threads).as("as many as before").hasSize(4);
  }

  @Test
  void clientsWithoutCredential_areNotOneCaller() {
    for (int i = 0; i < SLOTS; i++) {
      addOf(Turns.ANYBODY, "network " + i);
    }
    assertThat(threads).hasSize(SLOTS);
  }

  @Test
  void callerWithOneRequest_waitsForOneRequestOfEachOtherNetwork() {
    for (int network = 0; network < SLOTS; network++) {
      flood("network " + network, 3);
    }
    assertThat(threads).hasSize(SLOTS);
    add("bystander", "x");

    processUntil("bystander x");

    assertThat(processed.subList(SLOTS, processed.size())).doesNotHaveDuplicates();
  }

  @Test
  void callerWithOneRequest_waitsForOneRequestOfEachOtherCallerOfItsNetwork() {
    for (int caller = 0; caller < SLOTS; caller++) {
      for (int i = 0; i < 3; i++) {
        add("proxy", "caller " + caller);
      }
    }
    int running = threads.size();
    add("proxy", "another caller");

    processUntil("proxy another caller");

    assertThat(processed.subList(running, processed.size())).doesNotHaveDuplicates();
  }

  @Test
  void everyRequest_isProcessedOnceInTheOrderOfItsCaller() {
    for (int i = 0; i < 10; i++) {
      add("a", "x");
      add("a", "y");
      add("b", "x");
    }
    processAll();

    assertThat(processed).hasSize(30);
    assertThat(processed).filteredOn("b x"::equals).hasSize(10);
    for (int i = 0; i < 4 * SLOTS; i++) {
      add("c" + i, "x");
    }
    processAll();
    assertThat(processed).hasSize(30 + 4 * SLOTS);
  }

  @Test
  void oneCallerWaitsWithManyRequests_othersMayWaitToo() {
    int ofOne = flood("flood", 200);
    assertThat(ofOne).isBetween(PLACES / 4, PLACES / 2);
    assertThat(flood("other", 200)).isGreaterThan(PLACES / 16);
    assertThat(add("bystander", "x")).isTrue();
  }

  @Test
  void manyCallersOfOneNetwork_leaveHalfOfThePlaces() {
    int accepted = 0;
    for (int i = 0; i < 200; i++) {
      accepted += add("flood", "made up " + i) ? 1 : 0;
    }
    assertThat(accepted - threads.size()).isEqualTo(PLACES / 2);
    assertThat(held).as("suspended; the others are answered at once").hasSize(accepted);
    assertThat(add("bystander", "x")).isTrue();
  }

  @Test
  void requestThatFails_givesItsThreadBack() {
    for (int i = 0; i < 2 * SLOTS; i++) {
      turns.add("a", "x", 1, request("a x", new IllegalStateException("defect")));
    }
    for (int i = 0; i < 2 * SLOTS; i++) {
      assertThatThrownBy(threads.remove()::run).hasMessage("defect");
    }
    assertThat(add("a", "x")).isTrue();
    processAll();
    assertThat(processed).containsExactly("a x");
  }

  @Test
  void poolWithoutRoom_refusesTheRequestAndThoseBehindIt() {
    flood("a", 10);
    noThread = true;
    processAll();
    assertThat(processed).hasSize(3);
    assertThat(refused).hasSize(7);

    noThread = false;
    add("a", "x");
    processAll();
    assertThat(processed).hasSize(4);
  }

  /** Adds requests of one caller. Returns how many of them wait. */
  private int flood(String network, int requests) {
    int before = threads.size();
    int accepted = 0;
    for (int i = 0; i < requests; i++) {
      accepted += add(network, "x") ? 1 : 0;
    }
    return accepted - (threads.size() - before);
  }

  /** Adds a request of a caller who uses only this network. */
  private boolean add(String network, String caller) {
    String name = network + " " + caller;
    return turns.add(network, name, 1, request(name, null));
  }

  /** Adds a request of a caller who may use several networks. */
  private boolean addOf(Object caller, String network) {
    return turns.add(network, caller, 1, request(caller + " of " + network, null));
  }

  private Turns.Request request(String name, RuntimeException failure) {
    return new Turns.Request() {
      @Override
      public void hold() {
        held.add(name);
      }

      @Override
      public void run() {
        if (failure != null) {
          throw failure;
        }
        processed.add(name);
      }

      @Override
      public void refuse() {
        refused.add(name);
      }
    };
  }

  private void processUntil(String name) {
    while (!processed.contains(name)) {
      threads.remove().run();
    }
  }

  private void processAll() {
    while (!threads.isEmpty()) {
      threads.remove().run();
    }
  }
}
