package ee.lmstudio.simulator.socket;

/**
 * What goes wrong with an answer, and where.
 *
 * @param atByte how many bytes of the body are sent before it happens; 0 is right after the headers
 * @param kind what happens
 */
record Fault(long atByte, Kind kind) {

  enum Kind {
    /** Nothing more until {@link SocketSimulator#release()}, then the rest. */
    STALL,
    /** Nothing more, ever: the connection stays open until the client or the simulator closes. */
    STAY_OPEN,
    /** The connection ends with a FIN, in the middle of the answer. */
    CLOSE,
    /** The connection ends with an RST. */
    RESET,
    /** The next byte is another one than it should be; the rest is right. */
    CORRUPT,
    /** From here on each byte goes out in a write of its own. */
    DRIP
  }

  /** After the last byte of a body whose length is not known beforehand. */
  static final long AT_THE_END = Long.MAX_VALUE;

  private static final byte[] WRONG = {0, '\n', '"', '}', (byte) 0xFF};

  Fault {
    if (atByte < 0) {
      throw new IllegalArgumentException("atByte is " + atByte + ", allowed is 0 or more");
    }
  }

  /** What comes in place of {@code right}: what hurts most, in turn by position; never the same. */
  static byte wrongByte(byte right, long position) {
    int turn = (int) (position % WRONG.length);
    return WRONG[turn] != right ? WRONG[turn] : WRONG[(turn + 1) % WRONG.length];
  }
}
