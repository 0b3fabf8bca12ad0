package ee.lmstudio.server.door;

import java.util.Arrays;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.ParsingResult;
import org.glassfish.grizzly.http.TransferEncoding;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.memory.MemoryManager;

/**
 * Reads and writes bodies as one of Grizzly's encodings does, with three differences. It counts the
 * bytes of pipelined requests that have arrived behind the end of a body. It joins all chunks that
 * have arrived into one, because Payara may use another thread for each chunk. And it parses
 * trailers without what follows them, because Grizzly decodes all of it again for each trailer.
 *
 * <p>The last chunk, which is empty, is not joined: while Payara passes on a content that has bytes
 * and is the last one, it would take the next request for a part of the body.
 */
final class CountedBody implements TransferEncoding {
  /** Set while the next bytes of a chunked body are the beginning of a chunk. */
  private static final Attribute<Boolean> AT_CHUNK =
      Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("ee.lmstudio.door.at-chunk");

  /** The length of the shortest last chunk, with the end of the line before it. */
  private static final int LAST_CHUNK = "\r\n0\r\n\r\n".length();

  private final TransferEncoding encoding;
  private final Connections connections;

  CountedBody(TransferEncoding encoding, Connections connections) {
    this.encoding = encoding;
    this.connections = connections;
  }

  @Override
  public ParsingResult parsePacket(FilterChainContext context, HttpHeader header, Buffer buffer) {
    Boolean known = AT_CHUNK.get(header);
    boolean atChunk = header.isChunked() && (known == null || known);
    AT_CHUNK.set(header, false);
    int end = atChunk && isLast(buffer) ? endOfTrailers(buffer) : 0;
    ParsingResult result =
        end > 0
            ? alone(buffer, end, context, header)
            : joined(encoding.parsePacket(context, header, buffer), context, header);
    count(context, result);
    return result;
  }

  private void count(FilterChainContext context, ParsingResult result) {
    HttpContent content = result.getHttpContent();
    Buffer rest = result.getRemainderBuffer();
    int bytes = rest == null ? 0 : rest.remaining();
    if (content == null) {
      connections.bodyGrew(context.getConnection(), bytes);
    } else if (content.isLast()) {
      connections.bodyArrived(context.getConnection(), true, bytes);
    } else {
      connections.bodyArrived(context.getConnection(), false, Math.max(0, bytes - LAST_CHUNK));
    }
  }

  /** Parses a last chunk, with its trailers, without the bytes behind it. */
  private ParsingResult alone(
      Buffer buffer, int end, FilterChainContext context, HttpHeader header) {
    Buffer behind = buffer.split(end);
    ParsingResult result = encoding.parsePacket(context, header, buffer);
    HttpContent last = result.getHttpContent();
    result.recycle();
    return ParsingResult.create(last, behind.hasRemaining() ? behind : null);
  }

  private static boolean hasMore(ParsingResult result) {
    HttpContent content = result.getHttpContent();
    Buffer rest = result.getRemainderBuffer();
    return content != null && !content.isLast() && rest != null && rest.hasRemaining();
  }

  /** Returns one content that has the bytes of all chunks that have arrived, but the last one. */
  private ParsingResult joined(ParsingResult first, FilterChainContext context, HttpHeader header) {
    if (!hasMore(first)) {
      return first;
    }
    Buffer rest = first.getRemainderBuffer();
    if (isLast(rest)) {
      AT_CHUNK.set(header, true);
      return first;
    }
    HttpContent content = first.getHttpContent();
    byte[] bytes = new byte[size(content) + rest.remaining()];
    int length = take(content, bytes, 0);
    first.recycle();
    while (rest != null && rest.hasRemaining() && !isLast(rest)) {
      ParsingResult next = encoding.parsePacket(context, header, rest);
      content = next.getHttpContent();
      rest = next.getRemainderBuffer();
      next.recycle();
      if (content == null) {
        break;
      }
      length += take(content, bytes, length);
    }
    AT_CHUNK.set(header, content != null && rest != null && rest.hasRemaining());
    Buffer all = Buffers.wrap(MemoryManager.DEFAULT_MEMORY_MANAGER, Arrays.copyOf(bytes, length));
    return ParsingResult.create(header.httpContentBuilder().content(all).build(), rest);
  }

  private static int size(HttpContent content) {
    return content.getContent().remaining();
  }

  private static int take(HttpContent content, byte[] into, int at) {
    int size = size(content);
    content.getContent().get(into, at, size);
    return size;
  }

  /** Returns whether the last chunk begins here, or the end of the line before it. */
  private static boolean isLast(Buffer rest) {
    int at = behindLineEnds(rest);
    boolean zero = false;
    while (at < rest.limit() && rest.get(at) == '0') {
      zero = true;
      at++;
    }
    return zero && (at == rest.limit() || Character.digit(rest.get(at), 16) < 0);
  }

  /** Returns where a last chunk and its trailers end; 0 if the end has not arrived. */
  private static int endOfTrailers(Buffer rest) {
    boolean empty = false;
    for (int at = behindLineEnds(rest); at < rest.limit(); at++) {
      byte next = rest.get(at);
      if (next == '\n' && empty) {
        return at + 1;
      }
      empty = next == '\n' || next == '\r' && empty;
    }
    return 0;
  }

  private static int behindLineEnds(Buffer rest) {
    int at = rest.position();
    while (at < rest.limit() && (rest.get(at) == '\r' || rest.get(at) == '\n')) {
      at++;
    }
    return at;
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
