package ee.lmstudio.sdk;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Writes down all it is told, one word each: {@code handle accepted delta(Hel) completed(stop)}.
 */
class RecordingObserver implements StreamObserver {
  final List<String> told = new CopyOnWriteArrayList<>();
  final CompletableFuture<StreamHandle> handle = new CompletableFuture<>();
  final CompletableFuture<Delta> firstDelta = new CompletableFuture<>();

  /** The raw chunks, in their order. */
  final List<String> chunks = new CopyOnWriteArrayList<>();

  final CompletableFuture<String> last = new CompletableFuture<>();
  private final List<String> discarded = new CopyOnWriteArrayList<>();
  private final StringBuffer text = new StringBuffer();
  private final StringBuffer content = new StringBuffer();

  /** Visible text, reasoning and tool arguments that stand. */
  String text() {
    return text.toString();
  }

  /** Visible text that stands. */
  String content() {
    return content.toString();
  }

  /** Every text that was shown: those that were discarded, then the one that stands. */
  List<String> texts() {
    return Stream.concat(discarded.stream(), Stream.of(text())).toList();
  }

  @Override
  public void onHandle(StreamHandle it) {
    told.add("handle");
    handle.complete(it);
  }

  @Override
  public void onAccepted() {
    told.add("accepted");
  }

  @Override
  public void onModel(String model) {
    told.add("model(" + model + ")");
  }

  @Override
  public void onChunk(String json) {
    chunks.add(json);
  }

  @Override
  public void onDelta(Delta delta) {
    told.add("delta(" + textOf(delta) + ")");
    text.append(textOf(delta));
    content.append(delta.content());
    firstDelta.complete(delta);
  }

  static String textOf(Delta delta) {
    StringBuilder all = new StringBuilder(delta.reasoning()).append(delta.content());
    delta.toolCalls().stream()
        .map(call -> JsonText.object(call.asJsonObject(), "function"))
        .map(function -> function.getString("name", "") + function.getString("arguments", ""))
        .forEach(all::append);
    return all.toString();
  }

  @Override
  public void onReset(String reason) {
    told.add("reset(" + reason + ")");
    discarded.add(text());
    text.setLength(0);
    content.setLength(0);
  }

  @Override
  public void onDowngraded(Downgrade downgrade) {
    told.add("downgraded(" + downgrade.reason() + " " + downgrade.attempts() + ")");
  }

  @Override
  public void onCompleted(Completion answer) {
    end("completed(" + answer.finishReason() + ")");
  }

  @Override
  public void onFailed(LmStudioException error) {
    end("failed(" + error.code() + ")");
  }

  @Override
  public void onCancelled() {
    end("cancelled");
  }

  private void end(String word) {
    told.add(word);
    last.complete(word);
  }
}
