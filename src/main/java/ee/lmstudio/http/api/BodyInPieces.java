package ee.lmstudio.http.api;

import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Gives a body to the container in pieces. Grizzly closes the connection if it gets more than four
 * times its write buffer at once; after each piece, it waits until the client has taken enough.
 */
@Provider
public class BodyInPieces implements WriterInterceptor {
  private static final int PIECE = 8 * 1024;

  @Override
  public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
    context.setOutputStream(new Pieces(context.getOutputStream()));
    context.proceed();
  }

  private static final class Pieces extends FilterOutputStream {
    Pieces(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      for (int done = 0; done < length; done += PIECE) {
        out.write(bytes, from + done, Math.min(PIECE, length - done));
      }
    }
  }
}
