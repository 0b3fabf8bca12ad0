package ee.lmstudio.http.body;

import ee.lmstudio.http.error.ApiError;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The bytes of one request body in a temporary file, in the folder {@code java.io.tmpdir}. The name
 * of the file is removed as soon as the file is open, so nothing is left behind even if the server
 * is killed. The application may {@link #take} the file, and must {@link #close} it then.
 */
public final class BodyFile implements KeptBody, AutoCloseable {
  private static final String ATTRIBUTE = BodyFile.class.getName();
  private static final Logger LOG = Logger.getLogger(BodyFile.class.getName());

  private final BodyMemory disk;
  private final Party party;

  // Guarded by this. Parts are read without the lock.
  private FileChannel file;
  private long length;
  private boolean taken;
  private boolean closed;

  /**
   * Creates an empty body.
   *
   * @param disk limits the bytes of all such files together
   */
  BodyFile(BodyMemory disk, Party party) {
    this.disk = disk;
    this.party = party.sharing();
  }

  /** Adds this file to the request as an attribute, where {@link #take} finds it. */
  void offerTo(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /**
   * Takes over the file that holds the body of a request. From now on, only {@link #close} removes
   * it. Returns empty if the request has no body.
   */
  public static Optional<BodyFile> take(HttpServletRequest request) {
    if (!(request.getAttribute(ATTRIBUTE) instanceof BodyFile body)) {
      return Optional.empty();
    }
    synchronized (body) {
      body.taken = true;
    }
    return Optional.of(body);
  }

  @Override
  public synchronized ApiError add(byte[] bytes, int from, int to) {
    int count = to - from;
    if (closed || !disk.take(party, count)) {
      return BodyErrors.noDisk();
    }
    length += count;
    try {
      if (file == null) {
        file = create();
      }
      ByteBuffer rest = ByteBuffer.wrap(bytes, from, count);
      while (rest.hasRemaining()) {
        file.write(rest);
      }
      return null;
    } catch (IOException full) {
      LOG.log(Level.WARNING, "A request body cannot be written to java.io.tmpdir", full);
      return BodyErrors.diskFails();
    }
  }

  private static FileChannel create() throws IOException {
    Path name = Files.createTempFile("lmstudio-body-", ".tmp");
    try {
      return FileChannel.open(name, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(name);
    }
  }

  /** Returns whether the body is long, because reading it takes long. */
  @Override
  public boolean isWorth(int size) {
    return length() >= size;
  }

  /** Returns the number of bytes. */
  public synchronized long length() {
    return length;
  }

  /** Returns a part of the bytes as a stream. Several threads may read parts at the same time. */
  public InputStream open(long from, long count) {
    return new Part(from, count);
  }

  /** Returns the exception for a file that this server cannot read, although it has written it. */
  public static IllegalStateException unreadable(IOException e) {
    return new IllegalStateException("The temporary file of a request cannot be read", e);
  }

  @Override
  public ServletInputStream stream() {
    return new Whole();
  }

  @Override
  public void release() {
    boolean owned;
    synchronized (this) {
      owned = !taken;
    }
    if (owned) {
      close();
    }
  }

  /** Removes the file. Further calls have no effect. */
  @Override
  public void close() {
    FileChannel opened;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      opened = file;
    }
    disk.give(party, length);
    if (opened != null) {
      try {
        opened.close();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "A temporary file cannot be closed", e);
      }
    }
  }

  private synchronized FileChannel file() {
    return file;
  }

  private final class Part extends InputStream {
    private long next;
    private final long end;

    Part(long from, long count) {
      this.next = from;
      this.end = from + count;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      if (next >= end) {
        return -1;
      }
      int wanted = (int) Math.min(count, end - next);
      int read = file().read(ByteBuffer.wrap(into, from, wanted), next);
      if (read < 0) {
        throw new IOException("The temporary file is shorter than the body");
      }
      next += read;
      return read;
    }
  }

  private final class Whole extends ServletInputStream {
    private InputStream bytes;

    @Override
    public int read() throws IOException {
      return bytes().read();
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      return bytes().read(into, from, count);
    }

    private InputStream bytes() {
      if (bytes == null) {
        bytes = open(0, length());
      }
      return bytes;
    }

    @Override
    public boolean isFinished() {
      return bytes != null && ((Part) bytes).next >= length();
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("The body is in a file: read it without a listener");
    }
  }
}
