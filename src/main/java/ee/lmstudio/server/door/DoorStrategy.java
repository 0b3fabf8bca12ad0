package ee.lmstudio.server.door;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.logging.Logger;
import org.glassfish.grizzly.Cacheable;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.IOEventLifeCycleListener;
import org.glassfish.grizzly.ThreadCache;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpTrailer;
import org.glassfish.grizzly.strategies.AbstractIOStrategy;

/**
 * Decides on which thread Grizzly processes the events of a connection. The selector's thread,
 * which never waits, reads bytes and parses requests. {@link HandOver} passes complete request
 * heads, and everything that follows them, to Payara's threads. With Grizzly's own strategy,
 * parsing a request would need a thread of Payara, so no client would get an answer while all of
 * these threads are busy.
 *
 * <p>Server-config names this class, and Grizzly creates it before it opens the port.
 */
public final class DoorStrategy extends AbstractIOStrategy {
  /** Grizzly's class of requests, which it does not publish. */
  static final String REQUESTS =
      "org.glassfish.grizzly.http.HttpServerFilter$ServerHttpRequestImpl";

  /** Grizzly's class of the requests that the application gets. */
  private static final String OF_APPLICATION = "org.glassfish.grizzly.http.server.Request";

  static {
    // Grizzly keeps 16 used requests of up to 100 KiB for each thread that has answered some, and
    // takes them again on the thread that reads. With the door these are different threads, so
    // Payara's 200 threads would fill the heap with requests that nobody takes.
    ThreadCache.obtainIndex(REQUESTS, HttpRequestPacket.class, 0);
    // The same with trailers.
    ThreadCache.obtainIndex(HttpTrailer.class, 0);
    // Grizzly also keeps 16 of the application's requests, of about 40 KiB, for each thread that
    // ends requests. Payara's threads for suspended requests only end requests, and begin none.
    ThreadCache.obtainIndex(OF_APPLICATION, Cacheable.class, 1);
  }

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
    if (isReadWrite(event) && enabled) {
      connection.disableIOEvent(event);
    }
    IOEventLifeCycleListener listener =
        isReadWrite(event) ? ENABLE_INTEREST_LIFECYCLE_LISTENER : null;
    fireIOEvent(connection, event, listener, LOG);
    return true;
  }

  /** Returns null: the selector's thread processes all events that it finds. */
  @Override
  @SuppressWarnings("rawtypes") // As Grizzly declares it.
  public Executor getThreadPoolFor(Connection connection, IOEvent event) {
    return null;
  }
}
