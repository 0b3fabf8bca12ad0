package ee.lmstudio.sdk;

/**
 * Names the method of {@link SdkContract} or {@link LmStudio} that made a call. A {@code start…}
 * method counts as the {@code create…} method of the same name.
 */
public enum CallMethod {
  /** Asks for LM Studio's status and version. */
  HEALTH_CHECK("healthCheck", "/health"),
  /** Lists the models that LM Studio has. */
  LIST_MODELS("listModels", "/v1/models"),
  /** Answers a chat. */
  CREATE_CHAT_COMPLETION("createChatCompletion", "/v1/chat/completions"),
  /** Continues a text. */
  CREATE_COMPLETION("createCompletion", "/v1/completions"),
  /** Turns texts into vectors. */
  CREATE_EMBEDDING("createEmbedding", "/v1/embeddings"),
  /** Transcribes a recording. */
  CREATE_TRANSCRIPTION("createTranscription", "/v1/audio/transcriptions"),
  /** Translates a recording into English text. */
  CREATE_TRANSLATION("createTranslation", "/v1/audio/translations"),
  /** Turns a text into speech. */
  CREATE_SPEECH("createSpeech", "/v1/audio/speech"),
  /** Generates images. */
  CREATE_IMAGE("createImage", "/v1/images/generations"),
  /** Detects LM Studio's version and capabilities. */
  CAPABILITIES("capabilities", "/health"),
  /** Loads a model. */
  LOAD_MODEL("loadModel", "/api/v1/models/load"),
  /** Unloads an instance of a model. */
  UNLOAD_MODEL("unloadModel", "/api/v1/models/unload"),
  /** Used by the server: downloads a model, and asks for the progress. */
  DOWNLOAD_MODEL("downloadModel", "/api/v1/models/download"),
  /** Used by the server: passes a request on to an endpoint that the SDK does not know. */
  RELAY("relay", "/v1/responses");

  private final String methodName;
  private final String path;

  CallMethod(String methodName, String path) {
    this.methodName = methodName;
    this.path = path;
  }

  /** {@return the method's name in Java, such as {@code createChatCompletion}} */
  public String methodName() {
    return methodName;
  }

  /**
   * {@return the endpoint that this method mainly calls} A call may use further endpoints: the
   * model listing is merged from several of them, and a health check calls them if there is no
   * {@code /health}.
   */
  public String path() {
    return path;
  }
}
