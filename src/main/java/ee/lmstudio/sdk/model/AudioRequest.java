package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.capability.Capability;
import java.util.Map;

/** Asks for a recording in words: a transcription, or a translation to English. */
public sealed interface AudioRequest permits TranscriptionRequest, TranslationRequest {
  /** The recording. */
  AudioSource audio();

  /** How the answer shall look. */
  TranscriptFormat format();

  /** What the server must be able to do. */
  Capability capability();

  /** Where it is posted, without a leading slash. */
  String path();

  /** The form fields beside {@code file}, in the order in which they are sent. */
  Map<String, String> fields();
}
