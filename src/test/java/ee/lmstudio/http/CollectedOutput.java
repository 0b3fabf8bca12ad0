package ee.lmstudio.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;

/** What a servlet writes, in memory; ready at any time. */
public final class CollectedOutput extends ServletOutputStream {
  private final ByteArrayOutputStream body;

  public CollectedOutput(ByteArrayOutputStream body) {
    this.body = body;
  }

  @Override
  public void write(int b) {
    body.write(b);
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
