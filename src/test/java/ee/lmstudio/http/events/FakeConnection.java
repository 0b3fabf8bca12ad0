package ee.lmstudio.http.events;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client's connection as a servlet sees it: accepts a number of bytes, then none until they are
 * read.
 */
final class FakeConnection extends ServletOutputStream {
  final Map<String, Object> answered = new TreeMap<>();
  int flushes;
  String method = "GET";

  /** Runs when the server asks for the output, just before it begins to write. */
  Runnable onOutput = () -> {};

  private final int room;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private int unread;
  private boolean waiting;
  private boolean gone;
  private WriteListener listener;
  private AsyncListener ending;

  /**
   * @param room how many unread bytes make it take no more
   */
  FakeConnection(int room) {
    this.room = room;
  }

  AsyncContext request() {
    return fake(
        AsyncContext.class,
        (name, args) ->
            switch (name) {
              case "getResponse" -> response();
              case "addListener" -> ending = (AsyncListener) args[0];
              case "getRequest" ->
                  fake(
                      HttpServletRequest.class,
                      (asked, none) -> asked.equals("getMethod") ? method : null);
              default -> null;
            });
  }

  private HttpServletResponse response() {
    return fake(
        HttpServletResponse.class,
        (name, args) ->
            switch (name) {
              case "getOutputStream" -> {
                onOutput.run();
                yield this;
              }
              case "setHeader" -> answered.put((String) args[0], args[1]);
              default -> answered.put(name, args[0]);
            });
  }

  /** What each method of a fake returns. */
  interface Answer {
    Object to(String name, Object[] args);
  }

  /** Returns the request of a caller that is answered through {@code exchange}. */
  static HttpServletRequest asked(String caller, AsyncContext exchange) {
    Principal principal = () -> caller;
    return fake(
        HttpServletRequest.class,
        (name, args) ->
            switch (name) {
              case "getUserPrincipal" -> principal;
              case "getAsyncContext" -> exchange;
              default -> null;
            });
  }

  /** Returns an implementation of an interface. */
  static <T> T fake(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, args) -> {
              Object result = answer.to(called.getName(), args);
              return called.getReturnType() == void.class ? null : result;
            }));
  }

  /**
   * The client reads all bytes. The container reports that it accepts more, if it had refused some.
   */
  void read() throws IOException {
    read(Integer.MAX_VALUE);
  }

  /** The client reads at most this number of bytes. The container reports when there is room. */
  void read(int most) throws IOException {
    boolean again;
    synchronized (this) {
      unread -= Math.min(unread, most);
      again = waiting && unread < room;
      waiting &= !again;
    }
    if (again) {
      listener.onWritePossible();
    }
  }

  /** The container ends the request, because the client has left. */
  void endRequest() throws IOException {
    ending.onComplete(null);
  }

  /** From now on every write fails. */
  synchronized void leave() {
    gone = true;
    unread = 0;
    waiting = false;
  }

  /** Returns whether no response has begun. */
  synchronized boolean listenerIsMissing() {
    return listener == null;
  }

  /** Waits until the response has begun on another thread. */
  synchronized void awaitListener() throws InterruptedException {
    while (listener == null) {
      wait();
    }
  }

  /** Returns how many bytes were sent and not yet read by the client. */
  synchronized int unread() {
    return unread;
  }

  synchronized String received() {
    return received.toString(StandardCharsets.UTF_8);
  }

  @Override
  public synchronized boolean isReady() {
    waiting = unread >= room;
    return !waiting;
  }

  @Override
  public synchronized void setWriteListener(WriteListener writeListener) {
    listener = writeListener;
    waiting = true;
    notifyAll();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) throws IOException {
    if (gone) {
      throw new IOException("Connection reset by peer");
    }
    if (unread >= room) {
      throw new IllegalStateException("Not ready");
    }
    received.write(bytes, from, length);
    unread += length;
  }

  @Override
  public synchronized void flush() throws IOException {
    if (gone) {
      throw new IOException("Broken pipe");
    }
    flushes++;
  }
}
