package ee.lmstudio.http.filter;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/**
 * The response to a request for a file of the page. The container writes a whole file at once, and
 * Grizzly closes the connection if one write is longer than its queue of bytes may be: {@link
 * ee.lmstudio.server.GrizzlyRequest#limitUnread}. So this class writes in pieces.
 */
final class FileResponse extends HttpServletResponseWrapper {
  private static final int PIECE = 32 * 1024;

  private ServletOutputStream output;

  FileResponse(HttpServletResponse response) {
    super(response);
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    if (output == null) {
      output = new Pieces(super.getOutputStream());
    }
    return output;
  }

  private static final class Pieces extends ServletOutputStream {
    private final ServletOutputStream output;

    Pieces(ServletOutputStream output) {
      this.output = output;
    }

    @Override
    public void write(int value) throws IOException {
      output.write(value);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      int end = from + count;
      for (int at = from; at < end; at += PIECE) {
        output.write(bytes, at, Math.min(PIECE, end - at));
      }
    }

    @Override
    public void flush() throws IOException {
      output.flush();
    }

    @Override
    public void close() throws IOException {
      output.close();
    }

    @Override
    public boolean isReady() {
      return output.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      output.setWriteListener(listener);
    }
  }
}
