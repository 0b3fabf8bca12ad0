package ee.lmstudio.cli;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.cli.CliError.UsageException;
import ee.lmstudio.config.Settings;
import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import ee.lmstudio.sdk.model.GenerationOptions;
import ee.lmstudio.sdk.model.GenerationOptionsBuilder;
import ee.lmstudio.sdk.model.Message;
import jakarta.json.JsonObjectBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lmstudio chat}: streams answers to the terminal. */
@Command(
    name = "chat",
    description = {
      "Sends a question and streams the answer. Ctrl+C cancels the generation at LM Studio.",
      "Without a question, it is read from standard input; in a terminal, line by line as a"
          + " conversation."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  lmstudio chat \"Why is the sky blue?\"",
      "  lmstudio chat --model qwen3-4b --system \"Answer in one sentence.\"",
      "  git diff | lmstudio chat --system \"Write a commit message for this change.\""
    })
final class Chat implements Callable<Integer> {
  /** How long the process waits for the connection to be closed after Ctrl+C. */
  private static final long TO_CANCEL_MILLIS = 2000;

  @Mixin Target target;

  @Parameters(arity = "0..*", paramLabel = "QUESTION", description = "The question.")
  List<String> question = List.of();

  @Option(names = "--model", paramLabel = "ID", description = "The model. Default: the loaded one.")
  String model;

  @Option(names = "--system", paramLabel = "TEXT", description = "The system prompt.")
  String system;

  @Option(names = "--max-tokens", paramLabel = "N", description = "Longest answer, in tokens.")
  Integer maxTokens;

  @Option(names = "--temperature", paramLabel = "T", description = "0: always the likeliest token.")
  Double temperature;

  @Option(names = "--reasoning", description = "Show the reasoning of the model, too.")
  boolean reasoning;

  @Option(names = "--json", description = "Write one JSON object when the answer is complete.")
  boolean json;

  private final Shell shell;
  private final List<Message> messages = new ArrayList<>();

  Chat(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = target.settings();
    if (system != null) {
      messages.add(Message.system(system));
    }
    try (LmStudio lmStudio = LmStudio.connect(settings.upstream())) {
      if (!question.isEmpty()) {
        ask(lmStudio, String.join(" ", question));
      } else if (shell.isTerminal() && !json) {
        converse(lmStudio);
      } else {
        ask(lmStudio, wholeInput());
      }
    } catch (CancelledException stopped) {
      // Ctrl+C ends the process, and has told so.
      return LmStudioCli.FAILED;
    }
    return LmStudioCli.OK;
  }

  private static BufferedReader input() {
    return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  }

  private static String wholeInput() throws IOException {
    String text = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      throw new UsageException(
          "There is no question.", "Try: lmstudio chat \"Why is the sky blue?\"");
    }
    return text;
  }

  private void converse(LmStudio lmStudio) throws IOException {
    shell.note("Type a question and press Enter. An empty line or Ctrl+D ends the conversation.");
    BufferedReader lines = input();
    for (String line = prompt(lines); line != null && !line.isBlank(); line = prompt(lines)) {
      try {
        ask(lmStudio, line);
      } catch (CancelledException stopped) {
        throw stopped;
      } catch (LmStudioException failed) {
        messages.removeLast();
        CliError.show(shell, failed, false);
      }
    }
  }

  private String prompt(BufferedReader lines) throws IOException {
    shell.out().print(shell.coloured("bold,cyan", "> "));
    shell.out().flush();
    return lines.readLine();
  }

  private void ask(LmStudio lmStudio, String text) {
    messages.add(Message.user(text));
    GenerationOptionsBuilder options = GenerationOptions.builder();
    if (maxTokens != null) {
      options.maxTokens(maxTokens);
    }
    if (temperature != null) {
      options.temperature(temperature);
    }
    ChatRequest request =
        ChatRequest.of(messages.toArray(Message[]::new)).withOptions(options.build());
    Answer answer = new Answer();
    Completion completion =
        answer.cancelOnExit(
            () ->
                lmStudio.createChatCompletion(
                    model == null ? request : request.withModel(model), answer));
    messages.add(completion.toMessage());
    if (json) {
      writeJson(completion);
    } else {
      answer.end();
      shell.note(shell.coloured("faint", figures(completion)));
    }
  }

  private static String figures(Completion answer) {
    StringBuilder figures = new StringBuilder(answer.model());
    figures.append(": ").append(answer.usage().completionTokens()).append(" tokens");
    answer
        .stats()
        .timeToFirstToken()
        .ifPresent(time -> figures.append(", first after ").append(time.toMillis()).append(" ms"));
    if (answer.stats().tokensPerSecond() > 0) {
      figures.append(", %.1f tokens/s".formatted(answer.stats().tokensPerSecond()));
    }
    return figures
        .append(answer.finishReason().equals("stop") ? "" : ", ended by " + answer.finishReason())
        .toString();
  }

  private void writeJson(Completion answer) {
    JsonObjectBuilder written =
        JSON.createObjectBuilder()
            .add("ok", true)
            .add("model", answer.model())
            .add("content", answer.content())
            .add("finish_reason", answer.finishReason())
            .add("prompt_tokens", answer.usage().promptTokens())
            .add("completion_tokens", answer.usage().completionTokens())
            .add("duration_ms", answer.stats().duration().toMillis());
    if (!answer.reasoning().isEmpty()) {
      written.add("reasoning", answer.reasoning());
    }
    answer
        .stats()
        .timeToFirstToken()
        .ifPresent(time -> written.add("first_token_ms", time.toMillis()));
    shell.json(written.build());
  }

  /** Writes an answer while it arrives. */
  private final class Answer implements StreamObserver {
    private final AtomicReference<StreamHandle> handle = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean atLineStart = true;

    /** Ctrl+C ends the process, which first cancels the generation and waits for that. */
    Completion cancelOnExit(Supplier<Completion> call) {
      Thread hook = new Thread(this::cancel, "lmstudio-cancel");
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        return call.get();
      } finally {
        ended.countDown();
        try {
          Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
          // The hook runs. The process ends with it.
        }
      }
    }

    private void cancel() {
      StreamHandle running = handle.get();
      if (running == null || ended.getCount() == 0) {
        return;
      }
      running.cancel();
      try {
        boolean closed = ended.await(TO_CANCEL_MILLIS, TimeUnit.MILLISECONDS);
        shell.note(
            closed
                ? "\nCancelled."
                : "\nLM Studio's connection was still open when lmstudio ended.");
      } catch (InterruptedException ending) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void onHandle(StreamHandle started) {
      handle.set(started);
    }

    @Override
    public void onDelta(Delta delta) {
      if (json) {
        return;
      }
      if (reasoning && !delta.reasoning().isEmpty()) {
        shell.out().print(shell.coloured("faint", delta.reasoning()));
        shell.out().flush();
        atLineStart = delta.reasoning().endsWith("\n");
      }
      if (!delta.content().isEmpty()) {
        shell.part(delta.content());
        atLineStart = delta.content().endsWith("\n");
      }
    }

    @Override
    public void onReset(String reason) {
      shell.note("\nThe stream broke (" + reason + "). The answer starts again.");
    }

    @Override
    public void onDowngraded(Downgrade downgrade) {
      shell.note("The answer is not streamed: " + downgrade.reason());
    }

    void end() {
      if (!atLineStart) {
        shell.line("");
      }
    }
  }
}
