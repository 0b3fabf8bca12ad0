package ee.lmstudio.http.body;

import ee.lmstudio.http.error.ApiError;
import jakarta.servlet.ServletInputStream;

/**
 * The bytes of one request body until the application has read them, in memory or in a file. Only
 * one thread at a time may use it.
 */
interface KeptBody {
  /** Adds bytes. Returns the error of the request if they cannot be kept; otherwise null. */
  ApiError add(byte[] bytes, int from, int to);

  /** Returns whether the application needs {@code size} or more bytes of memory for the body. */
  boolean isWorth(int size);

  /** Drops all bytes and frees their memory or disk space. Further calls have no effect. */
  void release();

  /** Returns the bytes as a stream, which can be read once. */
  ServletInputStream stream();
}
