package ee.lmstudio.http.body;

import ee.lmstudio.access.ClientNetwork;

/**
 * The party to which a request body is charged.
 *
 * @param kind what is known about the sender
 * @param name the name of the caller, or the {@link ClientNetwork} of a stranger
 */
public record Party(Kind kind, String name) {
  /** What is known about the sender of a body. */
  public enum Kind {
    /** A caller that is signed in. All its addresses and sessions count together. */
    CALLER,
    /** A client that is not signed in. Only its address is known. */
    STRANGER,
    /** A client of the simulator, which in most cases is the SDK of this server. */
    SIMULATED
  }

  /** The party of all bodies that are sent to the simulator. */
  public static final Party SIMULATOR = new Party(Kind.SIMULATED, "");

  private static final Party STRANGERS = new Party(Kind.STRANGER, "");

  /** Returns the party of a caller that is signed in. */
  public static Party caller(String name) {
    return new Party(Kind.CALLER, name);
  }

  /** Returns the party of a client that is not signed in. */
  public static Party stranger(String address) {
    return new Party(Kind.STRANGER, ClientNetwork.of(address));
  }

  /** Returns the party for memory and turns: all strangers count as one. */
  Party sharing() {
    return kind == Kind.STRANGER ? STRANGERS : this;
  }
}
