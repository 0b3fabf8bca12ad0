package ee.lmstudio.server.door;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.logging.Logger;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.IOEventLifeCycleListener;
import org.glassfish.grizzly.strategies.AbstractIOStrategy;

/**
 * Decides on which thread Grizzly processes what happens on a connection. Bytes are read and
 * requests are parsed on the selector's thread, which never waits for anything; {@link HandOver}
 * passes complete request heads, and everything that follows them, to Payara's threads. With
 * Grizzly's own strategy, a thread of Payara would be needed to find out what a client wants, so
 * that nobody could be answered while all of them are busy.
 *
 * <p>Server-config names this class, and Grizzly creates it before it opens the port.
 */
public final class DoorStrategy extends AbstractIOStrategy {
  private static final DoorStrategy INSTANCE = new DoorStrategy(Door.ofProcess());
  private static final Logger LOG = Grizzly.logger(DoorStrategy.class);

  private final Door door;

  DoorStrategy(Door door) {
    this.door = door;
  }

  /** Returns the strategy of this process. Grizzly calls this method by its name. */
  public static DoorStrategy getInstance() {
    INSTANCE.door.choose();
    return INSTANCE;
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"}) // As Grizzly declares it.
  public boolean executeIoEvent(Connection connection, IOEvent event, boolean enabled)
      throws IOException {
    if (event == IOEvent.SERVER_ACCEPT) {
      door.install(connection);
    }
    IOEventLifeCycleListener listener = null;
    if (isReadWrite(event)) {
      if (enabled) {
        connection.disableIOEvent(event);
      }
      listener = ENABLE_INTEREST_LIFECYCLE_LISTENER;
    }
    Executor elsewhere = getThreadPoolFor(connection, event);
    if (elsewhere == null) {
      fireIOEvent(connection, event, listener, LOG);
    } else {
      IOEventLifeCycleListener last = listener;
      elsewhere.execute(() -> fireIOEvent(connection, event, last, LOG));
    }
    return true;
  }

  /** Returns Payara's threads for a connection that was closed, because listeners are told then. */
  @Override
  @SuppressWarnings("rawtypes") // As Grizzly declares it.
  public Executor getThreadPoolFor(Connection connection, IOEvent event) {
    return event == IOEvent.CLOSED ? connection.getTransport().getWorkerThreadPool() : null;
  }
}
