package ee.lmstudio.http.body;

/** Creates bodies in temporary files for tests of other packages. */
public final class BodyFiles {
  private BodyFiles() {}

  /** Returns a body with these bytes, which came in one piece. */
  public static BodyFile of(byte[] bytes) {
    BodyFile body = new BodyFile(new BodyMemory(Long.MAX_VALUE), Party.caller("ann"));
    if (body.add(bytes, 0, bytes.length) != null) {
      throw new IllegalStateException("The body cannot be kept");
    }
    return body;
  }
}
