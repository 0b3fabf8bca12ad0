package ee.lmstudio.http.error;

/** In which form a path answers errors. */
public enum AnswerForm {
  /** The envelope. */
  ENVELOPE,
  /** OpenAI's error object. */
  OPENAI,
  /** A plain page for people. */
  PAGE;

  /**
   * The form of a path.
   *
   * @param path below the context root, decoded, beginning with a slash
   */
  public static AnswerForm of(String path) {
    if (isBelow(path, "/v1")) {
      return OPENAI;
    }
    boolean programs =
        isBelow(path, "/api")
            || isBelow(path, "/openapi")
            || isBelow(path, "/metrics")
            || isBelow(path, "/health")
            || isBelow(path, "/simulator");
    return programs ? ENVELOPE : PAGE;
  }

  /** Whether {@code path} is {@code root} or lies below it. */
  public static boolean isBelow(String path, String root) {
    return path.equals(root) || path.startsWith(root + "/");
  }
}
