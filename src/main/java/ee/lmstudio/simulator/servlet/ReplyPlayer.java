package ee.lmstudio.simulator.servlet;

import ee.lmstudio.simulator.Frame;
import ee.lmstudio.simulator.Pacer;
import ee.lmstudio.simulator.SimulatorReply;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Sends one reply, frame by frame, on a thread of its own. When the client disconnects, one of the
 * next two writes fails and ends the reply.
 */
final class ReplyPlayer implements Runnable {
  private static final System.Logger LOG = System.getLogger(ReplyPlayer.class.getName());

  private final SimulatorReply reply;
  private final AsyncContext exchange;
  private final Pacer pacer;

  ReplyPlayer(SimulatorReply reply, AsyncContext exchange, Pacer pacer) {
    this.reply = reply;
    this.exchange = exchange;
    this.pacer = pacer;
  }

  @Override
  public void run() {
    try {
      play((HttpServletResponse) exchange.getResponse());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "A client of the simulator disconnected", e);
    } catch (InterruptedException e) {
      LOG.log(System.Logger.Level.DEBUG, "The simulator is closing in the middle of an answer");
    } finally {
      exchange.complete();
    }
  }

  private void play(HttpServletResponse response) throws IOException, InterruptedException {
    Pacer.Pace pace = pacer.start();
    pace.waitUntil(reply.headAt());
    response.setStatus(reply.status());
    reply.headers().forEach(response::setHeader);
    if (reply.streamed()) {
      response.flushBuffer();
    }
    OutputStream out = response.getOutputStream();
    for (Frame frame : reply.frames()) {
      pace.waitUntil(frame.at());
      out.write(frame.bytes());
      if (reply.streamed()) {
        out.flush();
      }
    }
  }
}
