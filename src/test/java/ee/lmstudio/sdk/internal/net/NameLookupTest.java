package ee.lmstudio.sdk.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class NameLookupTest {
  private static final InetAddress[] ADDRESSES = {InetAddress.getLoopbackAddress()};

  private final CountDownLatch answers = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(1);

  private InetAddress[] never(String name) throws UnknownHostException {
    asked.countDown();
    try {
      answers.await();
    } catch (InterruptedException e) {
      throw new UnknownHostException(name);
    }
    return ADDRESSES;
  }

  @Test
  void name_isLookedUpOnAPlatformThread() throws Exception {
    AtomicReference<Thread> by = new AtomicReference<>();
    try (NameLookup names =
        new NameLookup(
            Duration.ZERO,
            name -> {
              by.set(Thread.currentThread());
              return ADDRESSES;
            })) {
      CompletableFuture<InetAddress[]> found = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  found.complete(names.addressesOf("box"));
                } catch (UnknownHostException e) {
                  found.completeExceptionally(e);
                }
              });
      assertThat(found.get()).isEqualTo(ADDRESSES);
      assertThat(by.get().isVirtual()).isFalse();
    }
  }

  @Test
  void localhost_isFound() throws Exception {
    try (NameLookup names = new NameLookup(Duration.ofSeconds(10))) {
      assertThat(names.addressesOf("localhost")).allMatch(InetAddress::isLoopbackAddress);
    }
  }

  @Test
  void unknownName_isSaidToBe() {
    UnknownHostException unknown = new UnknownHostException("box");
    try (NameLookup names =
        new NameLookup(
            Duration.ZERO,
            name -> {
              throw unknown;
            })) {
      assertThatThrownBy(() -> names.addressesOf("box")).isSameAs(unknown);
    }
  }

  @Test
  void defectOfALookup_isItsCause() {
    IllegalStateException defect = new IllegalStateException("no provider");
    try (NameLookup names =
        new NameLookup(
            Duration.ZERO,
            name -> {
              throw defect;
            })) {
      assertThatThrownBy(() -> names.addressesOf("box"))
          .isInstanceOf(UnknownHostException.class)
          .hasMessage("box: its address cannot be found")
          .hasCause(defect);
    }
  }

  @Test
  void silence_endsWithTheLimit() {
    try (NameLookup names = new NameLookup(Duration.ofMillis(30), this::never)) {
      assertThatThrownBy(() -> names.addressesOf("box"))
          .isInstanceOf(UnknownHostException.class)
          .hasMessage("box: its address was not found within 30 ms");
    }
  }

  @Test
  void interruption_endsTheWait() throws Exception {
    try (NameLookup names = new NameLookup(Duration.ZERO, this::never)) {
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      Thread waiting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      names.addressesOf("box");
                    } catch (UnknownHostException e) {
                      interrupted.complete(Thread.currentThread().isInterrupted());
                    }
                  });
      asked.await();
      waiting.interrupt();
      assertThat(interrupted.get()).isTrue();
    }
  }

  @Test
  void closed_findsNothing() {
    NameLookup names = new NameLookup(Duration.ZERO, this::never);
    names.close();
    assertThatThrownBy(() -> names.addressesOf("box"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessage("box: the lookup is closed, or too many names are being looked up");
  }

  @Test
  void closing_endsTheWaitOfThoseWhoseTurnHasNotCome() throws Exception {
    NameLookup names = new NameLookup(Duration.ZERO, this::never);
    List<FutureTask<InetAddress[]>> lookups =
        IntStream.range(0, 9)
            .mapToObj(i -> new FutureTask<>(() -> names.addressesOf("box")))
            .toList();
    List<Thread> waiting = lookups.stream().map(Thread.ofVirtual()::start).toList();
    while (!waiting.stream().allMatch(t -> t.getState() == Thread.State.TIMED_WAITING)) {
      Thread.onSpinWait();
    }
    names.close();
    for (FutureTask<InetAddress[]> lookup : lookups) {
      assertThatThrownBy(lookup::get).hasCauseInstanceOf(UnknownHostException.class);
    }
  }
}
