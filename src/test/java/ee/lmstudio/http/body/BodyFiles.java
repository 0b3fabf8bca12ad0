package ee.lmstudio.http.body;

/** Creates bodies in temporary files for tests of other packages. */
public final class BodyFiles {
  private BodyFiles() {}

  /** Returns a body that has received these bytes in one piece. */
  public static BodyFile of(byte[] bytes) {
    BodyFile body = new BodyFile(new BodyMemory(Long.MAX_VALUE), Party.caller("ann"));
    if (body.add(bytes, 0, bytes.length) != null) {
      throw new IllegalStateException("The body cannot be kept");
    }
    return body;
  }
}
