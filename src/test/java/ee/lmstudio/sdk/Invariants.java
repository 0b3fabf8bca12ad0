package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.sdk.ScriptedLmStudio.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.ToolCall;
import ee.lmstudio.simulator.socket.Script;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Asks an LM Studio that does as scripted, and checks after each generation, however it went, the
 * seven invariants of {@code docs/reference/faults.md}.
 */
final class Invariants implements AutoCloseable {
  /** What happens while the call runs. */
  @FunctionalInterface
  interface Meanwhile {
    void act(RecordingObserver observer) throws Exception;
  }

  private static final String NEXT = "next";
  private static final Pattern OURS = Pattern.compile("lmstudio-generation");

  final ScriptedLmStudio lmStudio;

  /** What the JDK itself opens and starts once, for the first connection, is nobody's leak. */
  private static final Outcome FIRST_OF_ALL = firstOfAll();

  private final OwnResources withoutSdk;
  private final Canaries canaries;

  private static Outcome firstOfAll() {
    try (ScriptedLmStudio once = new ScriptedLmStudio()) {
      return once.answering(Script.respondWithEvents(text(NEXT) + end())).chat();
    }
  }

  Invariants(UnaryOperator<LmStudioSettings.Builder> settings) {
    assertThat(FIRST_OF_ALL.error()).isNull();
    withoutSdk = OwnResources.now();
    lmStudio = new ScriptedLmStudio(settings);
    canaries = new Canaries();
    nextRequestWorks("warm-up");
  }

  /** Asks once; LM Studio answers as the scripts say, one after the other. */
  Outcome check(String context, Expected expected, List<Script> answers) {
    return check(context, expected, answers, observer -> {});
  }

  Outcome check(String context, Expected expected, List<Script> answers, Meanwhile meanwhile) {
    return check(context, outcome -> expected, answers, meanwhile);
  }

  /** What must come of it depends on what became of a byte, which only the outcome tells. */
  Outcome check(
      String context,
      Function<Outcome, Expected> allowed,
      List<Script> answers,
      Meanwhile meanwhile) {
    Outcome outcome = ask(context, answers, meanwhile);
    Expected expected = allowed.apply(outcome);
    textIsTrue(context, expected, outcome);
    oneEnd(context, outcome);
    nothingIsLeft(context);
    nextRequestWorks(context);
    assertThat(canaries.foundIn(outcome.error())).as("%s: 5. secrets told", context).isEmpty();
    errorAndPosts(context, expected, outcome);
    incompleteNeverLooksComplete(context, expected, outcome);
    return outcome;
  }

  /** 7. In its time. */
  private Outcome ask(String context, List<Script> answers, Meanwhile meanwhile) {
    lmStudio.server.forgetScripts();
    answers.forEach(lmStudio::answering);
    RecordingObserver observer = new RecordingObserver();
    FutureTask<Outcome> asking = new FutureTask<>(() -> lmStudio.chat(observer));
    Thread.ofVirtual().name("asking").start(asking);
    try {
      meanwhile.act(observer);
      return asking.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      throw new AssertionError(
          context + ": 7. no end in " + LIMIT + "; told so far: " + observer.told, e);
    }
  }

  /** 1. Each text that was shown begins as one of the true ones does, in their order. */
  private static void textIsTrue(String context, Expected expected, Outcome outcome) {
    int attempt = 0;
    for (String shown : outcome.observer().texts()) {
      while (attempt < expected.texts().size()
          && !expected.texts().get(attempt).startsWith(shown)) {
        attempt++;
      }
      assertThat(attempt)
          .as("%s: 1. '%s' is the beginning of one of %s", context, shown, expected.texts())
          .isLessThan(expected.texts().size());
    }
  }

  /** 2. Exactly one, and the last word. */
  private static void oneEnd(String context, Outcome outcome) {
    assertThat(outcome.endings()).as("%s: 2. ends of %s", context, outcome.told()).isEqualTo(1);
    assertThat(outcome.observer().last)
        .as("%s: 2. nothing after the end", context)
        .isCompletedWithValue(outcome.observer().told.get(outcome.observer().told.size() - 1));
  }

  /** 3. No thread, no socket, no stream. */
  private void nothingIsLeft(String context) {
    // What stays is the simulator's listening socket and the SDK's clock.
    OwnResources between = new OwnResources(withoutSdk.sockets() + 1, withoutSdk.threads() + 1);
    await(context, () -> lmStudio.server.openStreams() == 0 && between.holdsNoLessThanNow());
  }

  private static void await(String context, BooleanSupplier nothingLeft) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!nothingLeft.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "%s: 3. left over, with %s: %s"
                .formatted(context, OwnResources.now(), OwnResources.threadDump()));
      }
      Thread.yield();
    }
  }

  /** 4. On the same SDK. Its limits may be so short that a busy machine is too slow for one. */
  private void nextRequestWorks(String context) {
    long end = System.nanoTime() + LIMIT.toNanos();
    String told;
    do {
      lmStudio.server.forgetScripts();
      lmStudio.answering(Script.respondWith(200, "text/event-stream").body(text(NEXT) + end()));
      told = lmStudio.chat().told();
    } while (told.endsWith("(upstream_timeout)") && System.nanoTime() < end);
    assertThat(told)
        .as("%s: 4. the next request", context)
        .contains("delta(next)")
        .endsWith(" completed(stop)");
  }

  /** 6. As the table says. */
  private static void errorAndPosts(String context, Expected expected, Outcome outcome) {
    assertThat(outcome.error() == null ? null : outcome.error().getClass())
        .as("%s: 6. error of '%s'", context, outcome.told())
        .isEqualTo(expected.error());
    assertThat(outcome.posted())
        .as("%s: 6. posted", context)
        .isBetween(expected.leastPosted(), expected.mostPosted());
    if (outcome.error() instanceof LmStudioException error) {
      assertThat(outcome.told()).endsWith("failed(" + error.code() + ")");
      assertThat(error.hint()).as(context).isNotBlank();
      assertThat(error.getMessage()).as(context).hasSizeLessThan(400);
    }
  }

  /** 7. An answer is complete only if all of the true one was shown and returned. */
  private static void incompleteNeverLooksComplete(
      String context, Expected expected, Outcome outcome) {
    boolean completes = expected.finishReason() != null;
    assertThat(outcome.answer() != null).as("%s: 7. complete", context).isEqualTo(completes);
    if (completes) {
      String truth = expected.texts().get(expected.texts().size() - 1);
      assertThat(outcome.observer().text()).as("%s: 7. shown", context).isEqualTo(truth);
      assertThat(whole(outcome.answer())).as("%s: 7. returned", context).isEqualTo(truth);
      assertThat(outcome.told()).endsWith("completed(" + expected.finishReason() + ")");
    }
  }

  /** As the recorded streams have it: reasoning, text, tool calls. */
  private static String whole(Completion answer) {
    StringBuilder all = new StringBuilder(answer.reasoning()).append(answer.content());
    for (ToolCall call : answer.toolCalls()) {
      all.append(call.name()).append(call.arguments());
    }
    return all.toString();
  }

  /** Closes the SDK: of what it ran, not even a virtual thread is left. */
  @Override
  public void close() {
    canaries.close();
    lmStudio.close();
    await("closed", withoutSdk::holdsNoLessThanNow);
    await("closed", () -> !OURS.matcher(OwnResources.threadDump()).find());
  }
}
