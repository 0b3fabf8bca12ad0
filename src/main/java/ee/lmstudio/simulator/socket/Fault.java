package ee.lmstudio.simulator.socket;

/**
 * A fault of an answer and its position.
 *
 * @param atByte how many bytes of the body are sent before the fault; 0: right after the headers
 * @param kind the kind of fault
 */
record Fault(long atByte, Kind kind) {

  enum Kind {
    /** Nothing is sent until {@link SocketSimulator#release()}; then the rest is sent. */
    STALL,
    /**
     * Nothing more is sent. The connection stays open until the client or the simulator closes it.
     */
    STAY_OPEN,
    /** The connection ends with a FIN in the middle of the answer. */
    CLOSE,
    /** The connection ends with an RST. */
    RESET,
    /** The next byte is wrong. The rest is right. */
    CORRUPT,
    /** From here on, each byte is sent in a write of its own. */
    DRIP,
    /** The next byte begins another write. Nothing is wrong with the bytes. */
    SPLIT
  }

  /** The position after the last byte of a body whose length is not known beforehand. */
  static final long AT_THE_END = Long.MAX_VALUE;

  private static final byte[] WRONG = {0, '\n', '"', '}', (byte) 0xFF};

  Fault {
    if (atByte < 0) {
      throw new IllegalArgumentException("atByte is " + atByte + ". Allowed: 0 or more");
    }
  }

  /**
   * Returns a byte to replace {@code right}, never the same one. The position chooses it among the
   * bytes that are hardest for a parser.
   */
  static byte wrongByte(byte right, long position) {
    int turn = (int) (position % WRONG.length);
    return WRONG[turn] != right ? WRONG[turn] : WRONG[(turn + 1) % WRONG.length];
  }
}
