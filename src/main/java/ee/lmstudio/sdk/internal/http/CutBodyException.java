package ee.lmstudio.sdk.internal.http;

import java.io.IOException;

/** Thrown if a body broke off. Keeps the part that arrived, which may be private. */
public final class CutBodyException extends IOException {
  private final transient HttpAnswer begin;
  private final IOException failure;

  CutBodyException(HttpAnswer begin, IOException failure) {
    super("The body broke off", failure);
    this.begin = begin;
    this.failure = failure;
  }

  /** Returns the answer with the part of its body that arrived. */
  public HttpAnswer begin() {
    return begin;
  }

  /** Returns why the body broke off. */
  public IOException failure() {
    return failure;
  }
}
