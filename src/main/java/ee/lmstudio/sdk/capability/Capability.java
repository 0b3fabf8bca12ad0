package ee.lmstudio.sdk.capability;

import java.util.Locale;

/**
 * Names the features that not every version of LM Studio has: an endpoint, or a property of the
 * answers.
 */
public enum Capability {
  /** Answering chats. */
  CHAT("chat", "POST /v1/chat/completions"),
  /** Continuing a text (OpenAI's legacy completions). */
  COMPLETIONS("completions", "POST /v1/completions"),
  /** Turning texts into vectors. */
  EMBEDDINGS("embeddings", "POST /v1/embeddings"),
  /** Sending answers as event streams. */
  STREAMING("streaming", "\"stream\": true"),
  /**
   * Token counts at the end of a stream. Without them the SDK counts the tokens itself and marks
   * the numbers as synthesized.
   */
  STREAM_USAGE("usage in streams", "\"stream_options\": {\"include_usage\": true}"),
  /** Transcribing a recording. */
  TRANSCRIPTION("audio transcription", "POST /v1/audio/transcriptions"),
  /** Translating a recording into English text. */
  TRANSLATION("audio translation", "POST /v1/audio/translations"),
  /** Turning a text into speech. */
  SPEECH("speech", "POST /v1/audio/speech"),
  /** Generating images from a text. */
  IMAGES("images", "POST /v1/images/generations"),
  /** An endpoint that returns the version and the health. */
  HEALTH_ENDPOINT("health endpoint", "GET /health"),
  /** Listing which models are loaded, and with which context length. */
  MODEL_STATE("model state", "GET /api/v0/models or /api/v1/models"),
  /** Speed and stop reason as measured by LM Studio. */
  REAL_STATS("real stats", "POST /api/v0/chat/completions or /api/v1/chat"),
  /** Listing models with their instances, capabilities and sizes. */
  NATIVE_MODEL_LIST("native model list", "GET /api/v1/models"),
  /** Loading a model on request. */
  MODEL_LOAD("model load", "POST /api/v1/models/load"),
  /** Unloading an instance on request. */
  MODEL_UNLOAD("model unload", "POST /api/v1/models/unload"),
  /** Downloading a model on request. */
  MODEL_DOWNLOAD("model download", "POST /api/v1/models/download"),
  /** Requiring callers to send an API token. */
  API_TOKENS("API tokens", "Authorization: Bearer sk-lm-…");

  private final String title;
  private final String onTheWire;

  Capability(String title, String onTheWire) {
    this.title = title;
    this.onTheWire = onTheWire;
  }

  /** {@return the name for people, such as {@code audio transcription}} */
  public String title() {
    return title;
  }

  /** {@return the endpoint, or the part of a request that uses the capability} */
  public String onTheWire() {
    return onTheWire;
  }

  /** {@return the name for programs, such as {@code transcription} or {@code model_load}} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
