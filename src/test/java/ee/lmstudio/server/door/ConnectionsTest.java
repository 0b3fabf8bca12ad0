package ee.lmstudio.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.glassfish.grizzly.CloseListener;
import org.glassfish.grizzly.Connection;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private static final String STRANGER = "203.0.113.7";

  private final Connections connections =
      new Connections(
          new Limits(100, 2, Duration.ofHours(1), Duration.ofHours(1), 1 << 30, 1 << 30));

  @Test
  void addressWithTooManyConnections_getsNoFurtherOne() {
    Client first = accept(STRANGER);
    Client second = accept(STRANGER);
    Client third = accept(STRANGER);

    assertThat(List.of(first.closed, second.closed, third.closed))
        .containsExactly(false, false, true);
    assertThat(accept("203.0.113.8").closed).as("another address").isFalse();
  }

  @Test
  void connectionThatEnds_makesRoomForItsAddress() {
    accept(STRANGER).close();
    accept(STRANGER);

    assertThat(accept(STRANGER).closed).isFalse();
    assertThat(connections.size()).isEqualTo(2);
  }

  @Test
  void loopback_hasNoLimitForEachAddress() {
    for (int i = 0; i < 50; i++) {
      assertThat(accept("127.0.0.1").closed).isFalse();
    }
  }

  @Test
  void allConnectionsBusy_theNewOneIsClosed() {
    for (int i = 0; i < 100; i++) {
      connections.handedOver(accept("127.0.0.1").connection);
    }
    assertThat(accept("127.0.0.1").closed).isTrue();
    assertThat(connections.size()).isEqualTo(100);
  }

  @Test
  void connectionWithARequest_isNeverIdle() {
    Client client = accept(STRANGER);
    connections.requestArrived(client.connection, 0, false, 0);
    connections.handedOver(client.connection);
    connections.closeIdle(Duration.ZERO, Duration.ofHours(1));
    assertThat(client.closed).isFalse();

    connections.answered(client.connection);
    connections.closeIdle(Duration.ZERO, Duration.ofHours(1));
    assertThat(client.closed).isTrue();
  }

  @Test
  void addressesOfOneIpv6Network_countAsOne() {
    accept("2001:db8::1");
    accept("2001:db8::2");

    assertThat(accept("2001:db8::3").closed).isTrue();
    assertThat(accept("2001:db8:0:1::1").closed).as("another network").isFalse();
    assertThat(accept("::ffff:203.0.113.9").closed).as("an IPv4 address").isFalse();
  }

  @Test
  void tooManyConnections_theLongestIdleOnesGiveWay() {
    List<Client> idle = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      idle.add(accept("127.0.0.1"));
    }
    connections.requestArrived(idle.get(0).connection, 0, false, 0);
    connections.handedOver(idle.get(0).connection);

    Client next = accept("127.0.0.1");

    assertThat(idle.get(0).closed).as("has a request").isFalse();
    assertThat(idle.get(1).closed).as("the longest idle one").isTrue();
    assertThat(idle.get(99).closed).as("the last one").isFalse();
    assertThat(next.closed).isFalse();
  }

  @Test
  void networkWhoseRequestWasRefused_isCrowdedUntilTheChecksHavePassed() {
    Client client = accept(STRANGER);
    connections.refused(client.connection);
    assertThat(connections.isCrowded(client.connection)).isTrue();

    Liveness liveness = new Liveness(() -> false);
    for (int i = 0; i < Networks.REFUSAL_SECONDS; i++) {
      connections.check(liveness, false);
    }
    assertThat(connections.isCrowded(client.connection)).isFalse();
  }

  /** Comparing what another thread changes would make the sort fail. */
  @Test
  void connectionsThatChangeMeanwhile_giveWayAllTheSame() throws Exception {
    Connections many =
        new Connections(
            new Limits(4_000, 0, Duration.ofHours(1), Duration.ofHours(1), 1 << 30, 1 << 30));
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      clients.add(accept(many, "127.0.0.1"));
    }
    AtomicBoolean ended = new AtomicBoolean();
    Thread changes =
        Thread.startVirtualThread(
            () -> {
              for (int i = 0; !ended.get(); i = (i + 1) % 4_000) {
                many.requestArrived(clients.get(i).connection, 0, false, 0);
                many.handedOver(clients.get(i).connection);
                many.answered(clients.get(i).connection);
              }
            });
    for (int i = 0; i < 4_000; i++) {
      assertThat(accept(many, "127.0.0.1").closed).isFalse();
    }
    ended.set(true);
    changes.join();
  }

  @Test
  void defectWhileAConnectionIsAccepted_closesOnlyThatOne() {
    Client client = new Client("no address");
    connections.onAcceptEvent(null, client.connection);
    assertThat(client.closed).isTrue();
  }

  private Client accept(String address) {
    return accept(connections, address);
  }

  private static Client accept(Connections connections, String address) {
    Client client = new Client(address);
    connections.onAcceptEvent(null, client.connection);
    return client;
  }

  /** The server's side of a connection. */
  private static final class Client {
    final List<CloseListener<Connection<?>, ?>> listeners = new ArrayList<>();
    final Connection<?> connection;
    boolean closed;

    Client(String address) {
      connection =
          (Connection<?>)
              Proxy.newProxyInstance(
                  ConnectionsTest.class.getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (proxy, method, arguments) ->
                      switch (method.getName()) {
                        case "getPeerAddress" -> peer(address);
                        case "addCloseListener" -> listen(arguments[0]);
                        case "terminateSilently" -> close();
                        case "isOpen" -> !closed;
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        default -> throw new UnsupportedOperationException(method.getName());
                      });
    }

    private static InetSocketAddress peer(String address) {
      if (address.equals("no address")) {
        throw new IllegalStateException(address);
      }
      return new InetSocketAddress(address, 1234);
    }

    @SuppressWarnings("unchecked")
    private Object listen(Object listener) {
      listeners.add((CloseListener<Connection<?>, ?>) listener);
      return null;
    }

    Object close() {
      closed = true;
      for (CloseListener<Connection<?>, ?> listener : listeners) {
        try {
          listener.onClosed(connection, null);
        } catch (java.io.IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
      return null;
    }
  }
}
