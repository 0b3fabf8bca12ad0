package ee.lmstudio.server.door;

import java.util.Arrays;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.HttpTrailer;
import org.glassfish.grizzly.http.ParsingResult;
import org.glassfish.grizzly.http.TransferEncoding;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.memory.MemoryManager;

/**
 * Reads and writes bodies as one of Grizzly's encodings does, with two differences. It counts the
 * bytes of pipelined requests that have arrived behind the end of a body. And it joins all chunks
 * that have arrived into one, because Payara may use another thread for each chunk.
 */
final class CountedBody implements TransferEncoding {
  private final TransferEncoding encoding;
  private final Connections connections;

  CountedBody(TransferEncoding encoding, Connections connections) {
    this.encoding = encoding;
    this.connections = connections;
  }

  @Override
  public ParsingResult parsePacket(FilterChainContext context, HttpHeader header, Buffer buffer) {
    ParsingResult first = encoding.parsePacket(context, header, buffer);
    ParsingResult result = hasMore(first) ? whole(first, context, header) : first;
    HttpContent content = result.getHttpContent();
    Buffer rest = result.getRemainderBuffer();
    int bytes = rest == null ? 0 : rest.remaining();
    if (content == null) {
      connections.bodyGrew(context.getConnection(), bytes);
    } else {
      connections.bodyArrived(
          context.getConnection(), content.isLast(), content.isLast() ? bytes : 0);
    }
    return result;
  }

  private static boolean hasMore(ParsingResult result) {
    HttpContent content = result.getHttpContent();
    Buffer rest = result.getRemainderBuffer();
    return content != null && !content.isLast() && rest != null && rest.hasRemaining();
  }

  /** Returns one content that has the bytes of all chunks that have arrived. */
  private ParsingResult whole(ParsingResult first, FilterChainContext context, HttpHeader header) {
    ParsingResult result = first;
    HttpContent content = result.getHttpContent();
    byte[] bytes = new byte[size(content) + result.getRemainderBuffer().remaining()];
    int length = take(content, bytes, 0);
    while (hasMore(result)) {
      Buffer rest = result.getRemainderBuffer();
      result.recycle();
      result = encoding.parsePacket(context, header, rest);
      if (result.getHttpContent() != null) {
        content = result.getHttpContent();
        length += take(content, bytes, length);
      }
    }
    Buffer all = Buffers.wrap(MemoryManager.DEFAULT_MEMORY_MANAGER, Arrays.copyOf(bytes, length));
    Buffer rest = result.getRemainderBuffer();
    result.recycle();
    return ParsingResult.create(
        content instanceof HttpTrailer trailer
            ? header.httpTrailerBuilder().headers(trailer.getHeaders()).content(all).build()
            : header.httpContentBuilder().content(all).build(),
        rest);
  }

  private static int size(HttpContent content) {
    return content.getContent().remaining();
  }

  private static int take(HttpContent content, byte[] into, int at) {
    int size = size(content);
    content.getContent().get(into, at, size);
    return size;
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
