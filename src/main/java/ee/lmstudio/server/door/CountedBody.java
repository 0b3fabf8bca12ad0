package ee.lmstudio.server.door;

import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.ParsingResult;
import org.glassfish.grizzly.http.TransferEncoding;

/**
 * Reads and writes bodies as one of Grizzly's encodings does, but {@link ChunkedBody} reads chunked
 * bodies. It also counts the bytes of pipelined requests that have arrived behind the end of a
 * body.
 */
final class CountedBody implements TransferEncoding {
  private static final Attribute<ChunkedBody> CHUNKED =
      Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("ee.lmstudio.door.chunked-body");

  /** What {@link ChunkedBody} leaves of a body without trailers, for the last content. */
  private static final int END = "\r\n".length();

  private final TransferEncoding encoding;
  private final Connections connections;

  CountedBody(TransferEncoding encoding, Connections connections) {
    this.encoding = encoding;
    this.connections = connections;
  }

  @Override
  public ParsingResult parsePacket(FilterChainContext context, HttpHeader header, Buffer buffer) {
    ParsingResult result =
        header.isChunked()
            ? chunked(header).read(header, buffer)
            : encoding.parsePacket(context, header, buffer);
    HttpContent content = result.getHttpContent();
    if (content != null) {
      Buffer rest = result.getRemainderBuffer();
      int own = content.isLast() ? 0 : END;
      int behind = rest == null ? 0 : Math.max(0, rest.remaining() - own);
      connections.bodyArrived(context.getConnection(), content.isLast(), behind);
    }
    return result;
  }

  private static ChunkedBody chunked(HttpHeader header) {
    ChunkedBody known = CHUNKED.get(header);
    if (known == null) {
      known = new ChunkedBody();
      CHUNKED.set(header, known);
    }
    return known;
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
