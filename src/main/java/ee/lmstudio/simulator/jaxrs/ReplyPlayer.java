package ee.lmstudio.simulator.jaxrs;

import ee.lmstudio.simulator.Frame;
import ee.lmstudio.simulator.Pacer;
import ee.lmstudio.simulator.SimulatorReply;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/**
 * Plays one reply over JAX-RS, on the thread it is called on: resuming writes the whole answer
 * there, frame by frame. A client that is gone shows at the next write, which ends it.
 */
final class ReplyPlayer {
  private static final System.Logger LOG = System.getLogger(ReplyPlayer.class.getName());

  private final Pacer.Pace pace;

  ReplyPlayer(Pacer pacer) {
    this.pace = pacer.start();
  }

  void play(SimulatorReply reply, AsyncResponse response) {
    try {
      pace.waitUntil(reply.headAt());
      response.resume(response(reply));
    } catch (InterruptedException e) {
      response.cancel();
    } catch (RuntimeException e) {
      // Jersey hands a failed write on to the thread that resumed.
      LOG.log(System.Logger.Level.DEBUG, "A client of the simulator went away", e);
    }
  }

  private Response response(SimulatorReply reply) {
    Response.ResponseBuilder response = Response.status(reply.status());
    reply.headers().forEach(response::header);
    return response.entity((StreamingOutput) out -> write(reply, out)).build();
  }

  private void write(SimulatorReply reply, OutputStream out) throws IOException {
    try {
      if (reply.streamed()) {
        out.flush();
      }
      for (Frame frame : reply.frames()) {
        pace.waitUntil(frame.at());
        out.write(frame.bytes());
        if (reply.streamed()) {
          out.flush();
        }
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException("The simulator is closing");
    }
  }
}
