package ee.lmstudio.sdk.capability;

import java.util.Locale;

/** Something that some LM Studio versions can do. Each names one endpoint or one trait. */
public enum Capability {
  /** Chats. */
  CHAT("chat", "POST /v1/chat/completions"),
  /** Legacy completions of a prompt. */
  COMPLETIONS("completions", "POST /v1/completions"),
  /** Vectors of texts. */
  EMBEDDINGS("embeddings", "POST /v1/embeddings"),
  /** Answers as event streams. */
  STREAMING("streaming", "\"stream\": true"),
  /** Token counts at the end of a stream; without them the SDK counts and marks what it counted. */
  STREAM_USAGE("usage in streams", "\"stream_options\": {\"include_usage\": true}"),
  /** Text of speech. */
  TRANSCRIPTION("audio transcription", "POST /v1/audio/transcriptions"),
  /** English text of speech. */
  TRANSLATION("audio translation", "POST /v1/audio/translations"),
  /** Speech of text. */
  SPEECH("speech", "POST /v1/audio/speech"),
  /** Images of a text. */
  IMAGES("images", "POST /v1/images/generations"),
  /** An address that tells version and health. */
  HEALTH_ENDPOINT("health endpoint", "GET /health"),
  /** Which models are loaded, and with how much context. */
  MODEL_STATE("model state", "GET /api/v0/models or /api/v1/models"),
  /** Speed and stop reason, measured by LM Studio. */
  REAL_STATS("real stats", "POST /api/v0/chat/completions or /api/v1/chat"),
  /** Models with their instances, capabilities and sizes. */
  NATIVE_MODEL_LIST("native model list", "GET /api/v1/models"),
  /** Loading a model by request. */
  MODEL_LOAD("model load", "POST /api/v1/models/load"),
  /** Unloading an instance by request. */
  MODEL_UNLOAD("model unload", "POST /api/v1/models/unload"),
  /** Downloading a model by request. */
  MODEL_DOWNLOAD("model download", "POST /api/v1/models/download"),
  /** Callers can be made to show a token. */
  API_TOKENS("API tokens", "Authorization: Bearer sk-lm-…");

  private final String title;
  private final String onTheWire;

  Capability(String title, String onTheWire) {
    this.title = title;
    this.onTheWire = onTheWire;
  }

  /** {@return what people call it: {@code audio transcription}} */
  public String title() {
    return title;
  }

  /** {@return its endpoint, or what shows it in a request} */
  public String onTheWire() {
    return onTheWire;
  }

  /** {@return what programs call it: {@code transcription}, {@code model_load}} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
