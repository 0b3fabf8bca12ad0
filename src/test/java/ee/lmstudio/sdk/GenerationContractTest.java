package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.Delta;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SdkContract} promises about generations, whoever answers behind it. A subclass
 * says who answers, and sets the scene of each test.
 */
abstract class GenerationContractTest {
  static final long LIMIT_S = ScriptedLmStudio.LIMIT.toSeconds();

  /** The SDK that is tested. It knows {@link #model()}. */
  abstract SdkContract sdk();

  /** The same one, told not to stream. */
  abstract SdkContract plain();

  /** A model that answers chats and texts. */
  abstract String model();

  /** A model that embeds texts. */
  abstract String embeddingModel();

  /** The next texts, two of them, are embedded. */
  void willEmbedTwo() {}

  /** The same one with audio and images switched on. */
  abstract SdkContract media();

  /** Whether LM Studio has audio and images; if not, the same calls say so. */
  boolean hasMedia() {
    return true;
  }

  /** Whether this LM Studio loads and unloads models; if not, both calls say so. */
  boolean canLoad() {
    return false;
  }

  /** The next chat is answered with some text. */
  void willAnswerChat() {}

  /** The next chat is answered with some text, whole. */
  void willAnswerPlainChat() {}

  /** The next text is continued. */
  void willContinueText() {}

  /** The next chat is never answered whole. */
  abstract void willStall();

  /** The next chat names a model that is not there. */
  void willMissModel() {}

  /** The next chat is refused for its token. */
  abstract void willRefuseToken();

  private ChatRequest hello() {
    return ChatRequest.of(model(), "Hello!");
  }

  @Test
  void chat_isToldPieceByPieceAndReturnedWhole() {
    willAnswerChat();
    RecordingObserver observer = new RecordingObserver();
    Completion answer = sdk().createChatCompletion(hello(), observer);
    assertTold(observer, answer);
    assertThat(observer.told).contains("accepted");
    assertThat(answer.model()).isNotBlank();
    assertThat(answer.attempts()).isEqualTo(1);
    assertThat(answer.downgraded()).isFalse();
    assertThat(answer.usage().completionTokens()).isPositive();
  }

  @Test
  void chatWithoutObserver_isCollected() {
    willAnswerChat();
    Completion answer = sdk().createChatCompletion(hello());
    assertThat(answer.content() + answer.reasoning()).isNotBlank();
    assertThat(answer.downgraded()).isFalse();
  }

  @Test
  void plainChat_comesWholeAndSaysSo() {
    willAnswerPlainChat();
    RecordingObserver observer = new RecordingObserver();
    Completion answer = plain().createChatCompletion(hello(), observer);
    assertTold(observer, answer);
    assertThat(answer.downgraded()).isTrue();
    assertThat(answer.attempts()).isZero();
    assertThat(observer.told).contains("downgraded(disabled 0)");
    assertThat(observer.told).filteredOn(word -> word.startsWith("delta")).hasSize(1);
  }

  @Test
  void text_isContinued() {
    willContinueText();
    RecordingObserver observer = new RecordingObserver();
    CompletionRequest request = CompletionRequest.of("Once upon a time").withModel(model());
    assertTold(observer, sdk().createCompletion(request, observer));

    willContinueText();
    assertThat(sdk().createCompletion(request).content()).isNotEmpty();
  }

  private static void assertTold(RecordingObserver observer, Completion answer) {
    assertThat(observer.told)
        .startsWith("handle")
        .endsWith("completed(" + answer.finishReason() + ")");
    assertThat(observer.told).filteredOn(GenerationContractTest::ends).hasSize(1);
    assertThat(observer.content()).isEqualTo(answer.content());
    assertThat(observer.text()).isNotEmpty();
  }

  private static boolean ends(String word) {
    return word.startsWith("completed")
        || word.startsWith("failed")
        || word.startsWith("cancelled");
  }

  @Test
  void generationWithoutObserver_failsAtOnceOnTheCallersThread() {
    assertThatThrownBy(() -> sdk().startChatCompletion(ChatRequest.of(model(), "Hello"), null))
        .isInstanceOf(NullPointerException.class)
        .hasMessageStartingWith("The observer must not be null");
    assertThatThrownBy(() -> sdk().createCompletion(CompletionRequest.of("Once"), null))
        .isInstanceOf(NullPointerException.class)
        .hasMessageStartingWith("The observer must not be null");
  }

  @Test
  void startedChat_completesByItself() throws Exception {
    willAnswerChat();
    RecordingObserver observer = new RecordingObserver();
    StreamHandle handle = sdk().startChatCompletion(hello(), observer);
    assertThat(observer.last.get(LIMIT_S, TimeUnit.SECONDS)).startsWith("completed(");
    assertThat(handle.posted()).isTrue();
    assertThat(handle.cancel()).as("it has ended").isFalse();
  }

  @Test
  void startedText_completesByItself() throws Exception {
    willContinueText();
    RecordingObserver observer = new RecordingObserver();
    sdk().startCompletion(CompletionRequest.of("Once").withModel(model()), observer);
    assertThat(observer.last.get(LIMIT_S, TimeUnit.SECONDS)).startsWith("completed(");
  }

  @Test
  void cancelBeforeAnythingIsSent_sendsNothing() {
    RecordingObserver observer =
        new RecordingObserver() {
          @Override
          public void onHandle(StreamHandle it) {
            super.onHandle(it);
            assertThat(it.cancel()).isTrue();
            assertThat(it.cancel()).as("a second time").isFalse();
          }
        };
    assertThatThrownBy(() -> sdk().createChatCompletion(hello(), observer))
        .isInstanceOf(CancelledException.class);
    assertThat(observer.told).containsExactly("handle", "cancelled");
    assertThat(observer.handle.join().posted()).isFalse();
  }

  @Test
  void cancelAtTheFirstPiece_isTheLastWord() {
    willAnswerChat();
    RecordingObserver observer =
        new RecordingObserver() {
          @Override
          public void onDelta(Delta delta) {
            super.onDelta(delta);
            handle.join().cancel();
          }
        };
    assertThatThrownBy(() -> sdk().createChatCompletion(hello(), observer))
        .isInstanceOf(CancelledException.class);
    assertThat(observer.told).endsWith("cancelled");
    assertThat(observer.told).filteredOn(word -> word.startsWith("delta")).hasSize(1);
  }

  @Test
  void cancelFromAnotherThread_endsTheWait() throws Exception {
    willStall();
    RecordingObserver observer = new RecordingObserver();
    StreamHandle handle = sdk().startChatCompletion(hello(), observer);
    awaitPosted(handle);
    assertThat(handle.cancel()).isTrue();
    assertThat(observer.last.get(LIMIT_S, TimeUnit.SECONDS)).isEqualTo("cancelled");
  }

  @Test
  void interrupt_endsTheCall() throws Exception {
    willStall();
    RecordingObserver observer = new RecordingObserver();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread caller =
        Thread.startVirtualThread(
            () -> {
              try {
                sdk().createChatCompletion(hello(), observer);
                thrown.complete(null);
              } catch (RuntimeException e) {
                thrown.complete(e);
              }
            });
    awaitPosted(observer.handle.get(LIMIT_S, TimeUnit.SECONDS));
    caller.interrupt();
    assertThat(thrown.get(LIMIT_S, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
    assertThat(observer.told).endsWith("cancelled");
  }

  private static void awaitPosted(StreamHandle handle) {
    long end = System.nanoTime() + ScriptedLmStudio.LIMIT.toNanos();
    while (!handle.posted() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(handle.posted()).isTrue();
  }

  @Test
  void unknownModel_isToldAndThrown() {
    willMissModel();
    assertFails(
        ModelNotFoundException.class, ChatRequest.of("no-such-model", "Hello!"), "model_not_found");
  }

  @Test
  void refusedToken_isToldAndThrown() {
    willRefuseToken();
    assertFails(AuthenticationException.class, hello(), "upstream_auth_failed");
  }

  private void assertFails(
      Class<? extends LmStudioException> type, ChatRequest request, String code) {
    RecordingObserver observer = new RecordingObserver();
    LmStudioException error =
        catchThrowableOfType(type, () -> sdk().createChatCompletion(request, observer));
    assertThat(error).isNotNull();
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.hint()).isNotBlank();
    assertThat(observer.told).endsWith("failed(" + code + ")");
    assertThat(observer.told).filteredOn(GenerationContractTest::ends).hasSize(1);
  }
}
