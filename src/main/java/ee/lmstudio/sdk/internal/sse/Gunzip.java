package ee.lmstudio.sdk.internal.sse;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * Decodes a gzip body while it arrives. The JDK's stream reads the gzip header in its constructor,
 * which would block until the first byte of the body; this class reads the header at the first
 * read.
 */
final class Gunzip extends InputStream {
  private final InputStream encoded;
  private GZIPInputStream decoded;

  Gunzip(InputStream encoded) {
    this.encoded = encoded;
  }

  @Override
  public int read() throws IOException {
    return decoded().read();
  }

  @Override
  public int read(byte[] bytes, int from, int count) throws IOException {
    return decoded().read(bytes, from, count);
  }

  private InputStream decoded() throws IOException {
    if (decoded == null) {
      decoded = new GZIPInputStream(encoded);
    }
    return decoded;
  }

  @Override
  public void close() throws IOException {
    if (decoded == null) {
      encoded.close();
    } else {
      decoded.close();
    }
  }
}
