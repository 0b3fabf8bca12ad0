package ee.lmstudio.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;

/** What a servlet writes, in memory; ready at any time. Like Payara, it drops what comes late. */
public final class CollectedOutput extends ServletOutputStream {
  private final ByteArrayOutputStream body;
  private boolean closed;

  public CollectedOutput(ByteArrayOutputStream body) {
    this.body = body;
  }

  @Override
  public void write(int b) {
    if (!closed) {
      body.write(b);
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    throw new UnsupportedOperationException();
  }
}
