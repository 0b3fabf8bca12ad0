package ee.lmstudio.sdk;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Connections that fill a server's queue, so that one more hangs. Close it to let them go. */
public final class FullBacklog implements AutoCloseable {
  private static final int UNTIL_ONE_HANGS_MS = 1000;

  private final ServerSocket server;
  private final List<Socket> fillers = new ArrayList<>();

  /**
   * Connects until a connect hangs.
   *
   * @param server accepts nobody
   */
  public FullBacklog(ServerSocket server) {
    this.server = server;
    while (true) {
      Socket filler = new Socket();
      fillers.add(filler);
      try {
        filler.connect(server.getLocalSocketAddress(), UNTIL_ONE_HANGS_MS);
      } catch (IOException full) {
        return;
      }
    }
  }

  /** Where nobody gets in. */
  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    for (Socket filler : fillers) {
      filler.close();
    }
  }
}
