package ee.lmstudio.sdk;

/**
 * What a call was made by: a method of {@link SdkContract} or {@link LmStudio}. A {@code start…}
 * method counts as its {@code create…}.
 */
public enum CallMethod {
  HEALTH_CHECK("healthCheck", "/health"),
  LIST_MODELS("listModels", "/v1/models"),
  CREATE_CHAT_COMPLETION("createChatCompletion", "/v1/chat/completions"),
  CREATE_COMPLETION("createCompletion", "/v1/completions"),
  CREATE_EMBEDDING("createEmbedding", "/v1/embeddings"),
  CREATE_TRANSCRIPTION("createTranscription", "/v1/audio/transcriptions"),
  CREATE_TRANSLATION("createTranslation", "/v1/audio/translations"),
  CREATE_SPEECH("createSpeech", "/v1/audio/speech"),
  CREATE_IMAGE("createImage", "/v1/images/generations"),
  CAPABILITIES("capabilities", "/health"),
  LOAD_MODEL("loadModel", "/api/v1/models/load"),
  UNLOAD_MODEL("unloadModel", "/api/v1/models/unload");

  private final String methodName;
  private final String path;

  CallMethod(String methodName, String path) {
    this.methodName = methodName;
    this.path = path;
  }

  /** The method's name in Java, such as {@code createChatCompletion}. */
  public String methodName() {
    return methodName;
  }

  /**
   * The endpoint that it stands for. A call may ask others beside it: the model listing is merged
   * from several, and a health check asks them where there is no {@code /health}.
   */
  public String path() {
    return path;
  }
}
