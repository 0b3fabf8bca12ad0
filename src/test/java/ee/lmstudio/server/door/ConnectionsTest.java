package ee.lmstudio.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.glassfish.grizzly.CloseListener;
import org.glassfish.grizzly.Connection;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private static final String STRANGER = "203.0.113.7";

  private final Connections connections = new Connections(new Limits(100, 2, Duration.ofHours(1)));

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
      connections.requestArrived(accept("127.0.0.1").connection);
    }
    assertThat(accept("127.0.0.1").closed).isTrue();
    assertThat(connections.size()).isEqualTo(100);
  }

  @Test
  void connectionWithARequest_isNeverIdle() {
    Client client = accept(STRANGER);
    connections.requestArrived(client.connection);
    connections.closeIdle(Duration.ZERO);
    assertThat(client.closed).isFalse();

    connections.answered(client.connection);
    connections.closeIdle(Duration.ZERO);
    assertThat(client.closed).isTrue();
  }

  private Client accept(String address) {
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
                        case "getPeerAddress" -> new InetSocketAddress(address, 1234);
                        case "addCloseListener" -> listen(arguments[0]);
                        case "terminateSilently" -> close();
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        default -> throw new UnsupportedOperationException(method.getName());
                      });
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
