package ee.lmstudio.sdk;

import ee.lmstudio.sdk.error.LmStudioException;
import java.util.List;

/**
 * What must come of a generation.
 *
 * @param texts what each attempt truly says, in their order
 * @param error what the call throws; null if it completes with the last text
 * @param finishReason why it ended; null if it does not complete
 * @param leastPosted how many generations LM Studio gets, at least
 * @param mostPosted and at most
 */
record Expected(
    List<String> texts,
    Class<? extends LmStudioException> error,
    String finishReason,
    long leastPosted,
    long mostPosted) {

  static Expected completes(String finishReason, long posted, String... texts) {
    return new Expected(List.of(texts), null, finishReason, posted, posted);
  }

  static Expected fails(Class<? extends LmStudioException> error, long posted, String... texts) {
    return new Expected(List.of(texts), error, null, posted, posted);
  }

  Expected postedAtLeast(long least) {
    return new Expected(texts, error, finishReason, least, mostPosted);
  }
}
