package ee.lmstudio.http;

import ee.lmstudio.config.ServerSettings;
import java.util.OptionalLong;

/** How large the body of a request may be. */
public enum BodyLimit {
  /**
   * 64 KiB, the size up to which the packaged server reads a form. The access filter checks it.
   */
  FORM,
  /**
   * {@code lm-studio.max-json-bytes}. The resource that reads the body checks it, because 404, 405,
   * 406 and 415 come before 413.
   */
  JSON,
  /** No limit of ours. */
  NONE;

  private static final long FORM_BYTES = 64 * 1024;

  /** Returns the limit in bytes; empty if there is none. */
  public OptionalLong bytes(ServerSettings settings) {
    return switch (this) {
      case FORM -> OptionalLong.of(FORM_BYTES);
      case JSON -> OptionalLong.of(settings.maxJsonBytes());
      case NONE -> OptionalLong.empty();
    };
  }
}
