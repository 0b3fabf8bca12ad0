package ee.lmstudio.sdk;

/**
 * What a call was made by: a method of {@link SdkContract} or {@link LmStudio}. A {@code start…}
 * method counts as its {@code create…}.
 */
public enum CallMethod {
  /** How LM Studio is. */
  HEALTH_CHECK("healthCheck", "/health"),
  /** The models that it has. */
  LIST_MODELS("listModels", "/v1/models"),
  /** A chat is answered. */
  CREATE_CHAT_COMPLETION("createChatCompletion", "/v1/chat/completions"),
  /** A text is continued. */
  CREATE_COMPLETION("createCompletion", "/v1/completions"),
  /** Texts become vectors. */
  CREATE_EMBEDDING("createEmbedding", "/v1/embeddings"),
  /** A recording becomes a text. */
  CREATE_TRANSCRIPTION("createTranscription", "/v1/audio/transcriptions"),
  /** A recording becomes an English text. */
  CREATE_TRANSLATION("createTranslation", "/v1/audio/translations"),
  /** A text is spoken. */
  CREATE_SPEECH("createSpeech", "/v1/audio/speech"),
  /** Images are made. */
  CREATE_IMAGE("createImage", "/v1/images/generations"),
  /** Which LM Studio it is, and what it can do. */
  CAPABILITIES("capabilities", "/health"),
  /** A model is loaded. */
  LOAD_MODEL("loadModel", "/api/v1/models/load"),
  /** An instance of a model is unloaded. */
  UNLOAD_MODEL("unloadModel", "/api/v1/models/unload");

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
   * {@return the endpoint that it stands for} A call may ask others beside it: the model listing is
   * merged from several, and a health check asks them where there is no {@code /health}.
   */
  public String path() {
    return path;
  }
}
