package ee.lmstudio.server.door;

import java.util.Arrays;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.http.HttpBrokenContentException;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.ParsingResult;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.memory.MemoryManager;

/**
 * Reads one chunked body (RFC 9112, section 7.1), in time linear in its length. Grizzly's own
 * reader has four faults. An empty line ends the body. Chunk extensions are refused. Each chunk is
 * returned separately, and Payara may start a thread for it. The rest of the packet is decoded
 * again for each trailer.
 *
 * <p>All data that has arrived is returned as one content. The end of the body is a separate
 * content: Grizzly 5.0.3 passes on the last bytes of a body before it marks the body as ended. If
 * these bytes were the last content, Payara would read the next request as a part of the body.
 * Chunk extensions and trailers are checked and dropped.
 */
final class ChunkedBody {
  /** Maximum length of the extensions of one chunk, in bytes. */
  static final int MOST_EXTENSIONS = 256;

  /** Maximum length of all trailers of a body together, in bytes, without their line ends. */
  static final int MOST_TRAILERS = 4 * 1024;

  /** Maximum number of digits of a size. 16 digits could overflow a long. */
  private static final int MOST_DIGITS = 15;

  private static final int DIGIT_BITS = 4;
  private static final int HEXADECIMAL = 16;

  private static final byte DELETE = 0x7F;

  /** What the next byte is. */
  private enum Next {
    SIZE,
    EXTENSION,
    END_OF_SIZE,
    DATA,
    CR_AFTER_DATA,
    LF_AFTER_DATA,
    TRAILER_BEGIN,
    TRAILER,
    END_OF_TRAILER,
    END_OF_BODY,
    NOTHING
  }

  private Next next = Next.SIZE;
  private boolean begun;

  /** While the size is read: its value so far. Then: how many bytes have not arrived. */
  private long size;

  private int digits;

  /** The length of the extensions of this chunk, or of all trailers, so far. */
  private int length;

  /**
   * Reads the bytes that have arrived. The content of the result is the data among them. If there
   * is none, the content is the empty last one when the body ends here, and otherwise null. The
   * remainder is the bytes that were not read, or null if all were read.
   *
   * @throws HttpBrokenContentException if the body is malformed
   */
  ParsingResult read(HttpHeader header, Buffer arrived) {
    byte[] bytes = bytes(arrived);
    int begin = arrived.hasArray() ? arrived.arrayOffset() + arrived.position() : 0;
    int limit = begin + arrived.remaining();
    byte[] data = null;
    int count = 0;
    int at = begin;
    while (at < limit && next != Next.NOTHING && !(next == Next.TRAILER_BEGIN && count > 0)) {
      if (next == Next.DATA) {
        int part = (int) Math.min(size, limit - at);
        if (data == null) {
          data = new byte[limit - at];
        }
        System.arraycopy(bytes, at, data, count, part);
        at += part;
        count += part;
        size -= part;
        next = size == 0 ? Next.CR_AFTER_DATA : Next.DATA;
      } else {
        next = after(bytes[at]);
        at++;
      }
    }
    Buffer rest = at < limit ? arrived.split(arrived.position() + at - begin) : null;
    if (count > 0) {
      byte[] exact = count == data.length ? data : Arrays.copyOf(data, count);
      Buffer all = Buffers.wrap(MemoryManager.DEFAULT_MEMORY_MANAGER, exact);
      return ParsingResult.create(header.httpContentBuilder().content(all).build(), rest);
    }
    return next == Next.NOTHING
        ? ParsingResult.create(header.httpTrailerBuilder().build(), rest)
        : ParsingResult.create(null, rest, begun);
  }

  /** Returns the array of a buffer, or a copy of its bytes: a call for each byte takes longer. */
  private static byte[] bytes(Buffer arrived) {
    if (arrived.hasArray()) {
      return arrived.array();
    }
    byte[] copy = new byte[arrived.remaining()];
    arrived.duplicate().get(copy);
    return copy;
  }

  /** Returns what follows this byte, which is not data. */
  private Next after(byte read) {
    return switch (next) {
      case SIZE -> afterSize(read);
      case EXTENSION ->
          read == '\r' ? Next.END_OF_SIZE : inLine(read, MOST_EXTENSIONS, Next.EXTENSION);
      case END_OF_SIZE -> {
        check(read == '\n');
        begun = true;
        length = 0;
        yield size == 0 ? Next.TRAILER_BEGIN : Next.DATA;
      }
      case CR_AFTER_DATA -> {
        check(read == '\r');
        yield Next.LF_AFTER_DATA;
      }
      case LF_AFTER_DATA -> {
        check(read == '\n');
        digits = 0;
        length = 0;
        yield Next.SIZE;
      }
      case TRAILER_BEGIN -> {
        check(read != ' ' && read != '\t' && read != ':');
        yield read == '\r' ? Next.END_OF_BODY : inLine(read, MOST_TRAILERS, Next.TRAILER);
      }
      case TRAILER ->
          read == '\r' ? Next.END_OF_TRAILER : inLine(read, MOST_TRAILERS, Next.TRAILER);
      case END_OF_TRAILER -> {
        check(read == '\n');
        yield Next.TRAILER_BEGIN;
      }
      case END_OF_BODY -> {
        check(read == '\n');
        yield Next.NOTHING;
      }
      case DATA, NOTHING -> throw new IllegalStateException("No such byte is read here");
    };
  }

  private Next afterSize(byte read) {
    int digit = Character.digit(read, HEXADECIMAL);
    if (digit >= 0) {
      check(++digits <= MOST_DIGITS);
      size = size << DIGIT_BITS | digit;
      return Next.SIZE;
    }
    check(digits > 0);
    if (read == '\r') {
      return Next.END_OF_SIZE;
    }
    check(read == ';' || read == ' ' || read == '\t');
    return Next.EXTENSION;
  }

  /** Checks a byte of an extension or a trailer. */
  private Next inLine(byte read, int most, Next then) {
    boolean control = read >= 0 && read < ' ' && read != '\t' || read == DELETE;
    check(!control && ++length <= most);
    return then;
  }

  private void check(boolean valid) {
    if (!valid) {
      throw new HttpBrokenContentException("The chunked body is malformed");
    }
  }
}
