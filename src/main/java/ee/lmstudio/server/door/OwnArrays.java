package ee.lmstudio.server.door;

import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.memory.MemoryManager;

/**
 * Copies the bytes that a connection has sent into an array of their own. Grizzly reads for many
 * connections into parts of one array of 64 KiB, and each request keeps the array that its head is
 * in: so a request of 100 bytes that takes long, such as that of a listener, would keep 64 KiB.
 */
final class OwnArrays extends BaseFilter {
  /** A piece is copied if its array is at least this many times as long as the piece. */
  private static final int WASTE = 2;

  @Override
  public NextAction handleRead(FilterChainContext context) {
    if (context.getMessage() instanceof Buffer read
        && read.hasArray()
        && read.array().length >= WASTE * read.remaining()) {
      byte[] own = new byte[read.remaining()];
      read.get(own);
      read.tryDispose();
      context.setMessage(Buffers.wrap(MemoryManager.DEFAULT_MEMORY_MANAGER, own));
    }
    return context.getInvokeAction();
  }
}
