package ee.lmstudio.http.body;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.sdk.internal.json.ValueCount;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The bytes of one request body, in pieces. Each piece is charged to {@link BodyMemory} when it is
 * allocated, and becomes garbage when it has been read; the charge ends with {@link #release}. Only
 * one thread at a time may use a buffer.
 */
final class BodyBuffer implements KeptBody {
  /** Estimated size in bytes of a JSON value or a name of a field, once a parser has read it. */
  static final int VALUE = 150;

  private static final int PIECE = 16 * 1024;

  private final BodyMemory memory;
  private final Party party;

  /** The announced bytes that have not arrived; they limit the size of the next piece. */
  private long announced;

  private final Deque<byte[]> pieces = new ArrayDeque<>();

  /** The number of bytes in the last piece. */
  private int filled;

  private long length;
  private long charged;

  /**
   * Creates an empty buffer.
   *
   * @param announced the length of the body according to its headers, −1 if they do not state it
   */
  BodyBuffer(BodyMemory memory, Party party, long announced) {
    this.memory = memory;
    this.party = party.sharing();
    this.announced = announced < 0 ? Long.MAX_VALUE : announced;
  }

  @Override
  public ApiError add(byte[] bytes, int from, int to) {
    for (int next = from; next < to; ) {
      if (pieces.isEmpty() || filled == pieces.getLast().length) {
        int size = announced > 0 ? (int) Math.min(PIECE, announced) : PIECE;
        if (!memory.take(party, size)) {
          return BodyErrors.noMemory();
        }
        charged += size;
        pieces.addLast(new byte[size]);
        filled = 0;
      }
      byte[] last = pieces.getLast();
      int count = Math.min(to - next, last.length - filled);
      System.arraycopy(bytes, next, last, filled, count);
      filled += count;
      length += count;
      announced -= count;
      next += count;
    }
    return null;
  }

  /** Returns how many bytes were added. */
  long length() {
    return length;
  }

  /**
   * Returns whether the bytes, together with the values that a JSON parser makes of them, take
   * {@code size} or more bytes of memory. Counts the values only if the body is shorter than that.
   */
  @Override
  public boolean isWorth(int size) {
    if (length >= size) {
      return true;
    }
    int values = (int) (size - 1 - length) / VALUE;
    return length / 2 >= values && ValueCount.exceeds(signs(), values);
  }

  /** Returns one character for each byte, which is enough to find the ASCII signs of JSON. */
  private String signs() {
    ByteBuffer all = ByteBuffer.allocate((int) length);
    for (byte[] piece : pieces) {
      all.put(piece, 0, Math.min(piece.length, all.remaining()));
    }
    return new String(all.array(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void release() {
    pieces.clear();
    length = 0;
    memory.give(party, charged);
    charged = 0;
  }

  /** Returns the bytes as a stream, which drops each piece once it has been read. */
  @Override
  public ServletInputStream stream() {
    return new Stream();
  }

  private final class Stream extends ServletInputStream {
    private int position;

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int count) {
      if (count == 0) {
        return 0;
      }
      int available = available();
      if (available == 0) {
        return -1;
      }
      int read = Math.min(count, available);
      byte[] first = pieces.getFirst();
      System.arraycopy(first, position, into, from, read);
      position += read;
      if (position == (pieces.size() == 1 ? filled : first.length)) {
        pieces.removeFirst();
        position = 0;
      }
      return read;
    }

    @Override
    public int available() {
      if (pieces.isEmpty()) {
        return 0;
      }
      return (pieces.size() == 1 ? filled : pieces.getFirst().length) - position;
    }

    @Override
    public boolean isFinished() {
      return pieces.isEmpty();
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("The body is in memory: read it without a listener");
    }
  }
}
