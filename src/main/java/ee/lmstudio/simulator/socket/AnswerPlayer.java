package ee.lmstudio.simulator.socket;

import ee.lmstudio.simulator.Frame;
import ee.lmstudio.simulator.Pacer;
import ee.lmstudio.simulator.SimulatorReply;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Sends one answer: waits until each frame is due, sends it, and lets each fault happen at its
 * byte. All bytes that the simulator sends pass through this class. Used by one thread.
 */
final class AnswerPlayer {

  /** Thrown when the script ends the connection on purpose. */
  static final class Ended extends IOException {
    Ended(Fault.Kind kind) {
      super("The script ends the connection: " + kind);
    }
  }

  private final Wire wire;
  private final Deque<Fault> faults;
  private final Pacer pacer;
  private final Stalls stalls;
  private Pacer.Pace pace;
  private long sent;
  private boolean corruptNext;
  private int longestWrite = Integer.MAX_VALUE;

  AnswerPlayer(Wire wire, List<Fault> faults, Pacer pacer, Stalls stalls) {
    this.wire = wire;
    this.faults =
        new ArrayDeque<>(faults.stream().sorted(Comparator.comparingLong(Fault::atByte)).toList());
    this.pacer = pacer;
    this.stalls = stalls;
  }

  /** Sends the whole answer. {@code headers} are those of the reply and those of the connection. */
  void play(SimulatorReply reply, Map<String, String> headers)
      throws IOException, InterruptedException {
    pace = pacer.start();
    pace.waitUntil(reply.headAt());
    wire.head(reply.status(), headers);
    tripFaultsAt(sent);
    for (Frame frame : reply.frames()) {
      pace.waitUntil(frame.at());
      send(frame.bytes());
    }
    tripFaultsAt(Fault.AT_THE_END);
    wire.finish();
  }

  private void send(byte[] bytes) throws IOException, InterruptedException {
    int from = 0;
    while (from < bytes.length) {
      int length = (int) Math.min(Math.min(bytes.length - from, longestWrite), untilNextFault());
      if (corruptNext) {
        corruptNext = false;
        wire.body(withWrongByte(bytes, from), from, length);
      } else {
        wire.body(bytes, from, length);
      }
      from += length;
      sent += length;
      tripFaultsAt(sent);
    }
  }

  /** Returns the bytes with a wrong one at {@code index}. The position chooses the wrong byte. */
  private byte[] withWrongByte(byte[] bytes, int index) {
    byte[] wrong = bytes.clone();
    wrong[index] = Fault.wrongByte(bytes[index], sent);
    return wrong;
  }

  private long untilNextFault() {
    return faults.isEmpty() ? Long.MAX_VALUE : faults.peek().atByte() - sent;
  }

  private void tripFaultsAt(long position) throws IOException, InterruptedException {
    while (!faults.isEmpty() && faults.peek().atByte() == position) {
      Fault.Kind kind = faults.remove().kind();
      switch (kind) {
        case STALL -> {
          stalls.awaitRelease();
          pace = pacer.start();
        }
        case STAY_OPEN -> stalls.awaitInterrupt();
        case CLOSE -> {
          wire.close();
          throw new Ended(kind);
        }
        case RESET -> {
          wire.reset();
          throw new Ended(kind);
        }
        case CORRUPT -> corruptNext = true;
        case DRIP -> longestWrite = 1;
        case SPLIT -> {
          // send() ends a write where a fault happens.
        }
      }
    }
  }
}
