package ee.lmstudio.server.door;

import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.ParsingResult;
import org.glassfish.grizzly.http.TransferEncoding;

/**
 * Reads and writes bodies as one of Grizzly's encodings does, and counts the bytes that have
 * arrived behind the end of a request's body. Grizzly keeps them until the request is answered.
 */
final class CountedBody implements TransferEncoding {
  private static final int HEX = 16;

  /** No chunk is longer. A longer one is refused by Grizzly, or its end has not arrived. */
  private static final long LONGEST = Integer.MAX_VALUE;

  private final TransferEncoding encoding;
  private final Connections connections;

  CountedBody(TransferEncoding encoding, Connections connections) {
    this.encoding = encoding;
    this.connections = connections;
  }

  @Override
  public ParsingResult parsePacket(FilterChainContext context, HttpHeader header, Buffer buffer) {
    ParsingResult result = encoding.parsePacket(context, header, buffer);
    HttpContent content = result.getHttpContent();
    Buffer rest = result.getRemainderBuffer();
    boolean ended = content != null && content.isLast();
    if (!ended && content != null && rest != null) {
      // Grizzly passes on one chunk at a time, and the application may not ask for the next one.
      connections.chunkArrived(context.getConnection(), () -> behindLastChunk(rest));
    } else {
      int behind = ended && rest != null ? rest.remaining() : 0;
      connections.bodyArrived(context.getConnection(), ended, behind);
    }
    return result;
  }

  /**
   * Returns how many bytes are behind the last chunk and its trailers; 0 if their end has not
   * arrived.
   *
   * @param rest what is behind the content of a chunk
   */
  static int behindLastChunk(Buffer rest) {
    int end = rest.limit();
    int next = nextLine(rest, rest.position());
    while (next < end) {
      long size = size(rest, next);
      next = nextLine(rest, next);
      if (size == 0) {
        return behindTrailers(rest, next);
      }
      next = size > end - next ? end : nextLine(rest, next + (int) size);
    }
    return 0;
  }

  private static long size(Buffer rest, int from) {
    long size = 0;
    for (int i = from; i < rest.limit(); i++) {
      int digit = Character.digit(rest.get(i), HEX);
      if (digit < 0) {
        return size;
      }
      size = Math.min(LONGEST, size * HEX + digit);
    }
    return LONGEST;
  }

  /** Trailers end with an empty line. */
  private static int behindTrailers(Buffer rest, int from) {
    int end = rest.limit();
    for (int line = from; line < end; ) {
      int next = nextLine(rest, line);
      if (rest.get(line) == '\n' || rest.get(line) == '\r') {
        return end - next;
      }
      line = next;
    }
    return 0;
  }

  /** Returns where the next line begins; the limit of the buffer if its beginning is missing. */
  private static int nextLine(Buffer rest, int from) {
    for (int i = from; i < rest.limit(); i++) {
      if (rest.get(i) == '\n') {
        return i + 1;
      }
    }
    return rest.limit();
  }

  @Override
  public boolean wantDecode(HttpHeader header) {
    return encoding.wantDecode(header);
  }

  @Override
  public boolean wantEncode(HttpHeader header) {
    return encoding.wantEncode(header);
  }

  @Override
  public void prepareSerialize(FilterChainContext context, HttpHeader header, HttpContent content) {
    encoding.prepareSerialize(context, header, content);
  }

  @Override
  public Buffer serializePacket(FilterChainContext context, HttpContent content) {
    return encoding.serializePacket(context, content);
  }
}
