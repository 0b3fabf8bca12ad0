package ee.lmstudio.sdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.ContextOverflowException;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ModelNotLoadedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.error.ValidationException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** LM Studio's own words, as servers send them, and what they become. */
class KnownErrorsTest {
  private static LmStudioException read(String message, String code) {
    return KnownErrors.recognise(new StatedError(message, code, ""), 400).orElseThrow();
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        text(
            "Invalid model identifier \"x\". Please specify a valid downloaded model (e.g., y).",
            ModelNotFoundException.class),
        text("Model 'x' not found", ModelNotFoundException.class),
        text("The model `x.y:2` does not exist", ModelNotFoundException.class),
        text("Cannot find instance with id x", ModelNotFoundException.class),
        text("Could not find the model x", ModelNotFoundException.class),
        text(
            "error loading model: create_tensor: tensor 'output.weight' not found",
            ModelNotLoadedException.class),
        text(
            "Failed to load model \"x\". Error: key not found in model: gemma3.attention",
            ModelNotLoadedException.class),
        text(
            "No models loaded. Please load a model in the developer page or use the 'lms load'"
                + " command.",
            ModelNotLoadedException.class),
        text("Model is unloaded.", ModelNotLoadedException.class),
        text("Model unloaded.", ModelNotLoadedException.class),
        text(
            "Failed to load model \"gpt-oss-20b\". Error: Error loading model.",
            ModelNotLoadedException.class),
        text(
            "An LM Studio API token is required to make requests to this server, but none was"
                + " provided using the Authorization header",
            AuthenticationException.class),
        text("Malformed LM Studio API token provided: ***... (x)", AuthenticationException.class),
        text("Unexpected endpoint or method. (GET /health)", FeatureUnavailableException.class),
        text(
            "The model has crashed without additional information. (Exit code: null)",
            ServerException.class),
        text("Context size has been exceeded", ContextOverflowException.class),
        text(
            "Failed to load model \"qwen/qwen3-8b\". Error: Model is not embedding.",
            ValidationException.class),
        text(
            "Failed to load model \"text-embedding-x\". Error: Model is not llm.",
            ValidationException.class),
        text(
            "Error rendering prompt with jinja template: \"Conversation roles must alternate\"",
            ValidationException.class));
  }

  private static Arguments text(String message, Class<? extends LmStudioException> type) {
    return Arguments.of(message, type);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void text_isRecognisedWhateverItsCase(String message, Class<? extends LmStudioException> type) {
    assertThat(read(message, "")).isExactlyInstanceOf(type).hasMessageContaining(message);
    assertThat(read(message.toUpperCase(java.util.Locale.ROOT), "")).isExactlyInstanceOf(type);
    assertThat(read("In front of it: " + message, "")).isExactlyInstanceOf(type);
  }

  @ParameterizedTest
  @CsvSource({
    "model_not_found, ModelNotFoundException",
    "context_length_exceeded, ContextOverflowException",
    "model_not_loaded, ModelNotLoadedException",
    "invalid_api_key, AuthenticationException",
    "previous_response_not_found, ValidationException",
    "exceed_context_size_error, ContextOverflowException",
  })
  void code_isEnough(String code, String type) {
    assertThat(read("?", code).getClass().getSimpleName()).isEqualTo(type);
  }

  /** LM Studio gives "no models loaded" the code of an unknown model. */
  @Test
  void textAndCodeThatDisagree_textCounts() {
    assertThat(read("No models loaded. Please load a model", "model_not_found"))
        .isExactlyInstanceOf(ModelNotLoadedException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Trying to keep the first 5000 tokens when context the overflows. However, the model is"
            + " loaded with context length of only 4096 tokens, which is not enough | 5000 | 4096",
        "The number of tokens to keep from the initial prompt is greater than the context length"
            + " (n_keep: 5001 >= n_ctx: 4097). Try to load the model with more | 5001 | 4097",
        "Cannot truncate prompt with n_keep (13575) >= n_ctx (4096) | 13575 | 4096",
        "request (25837 tokens) exceeds the available context size (25088 tokens) | 25837 | 25088",
        "This model's maximum context length is 4096 tokens. However, your messages resulted in"
            + " 5000 tokens. Please reduce them. | 5000 | 4096",
        "Trying to keep the first 6547 tokens when context overflows. However, the model is loaded"
            + " with a context length of only 4096 tokens | 6547 | 4096",
      })
  void contextOverflow_hasItsNumbers(String message, int tokens, int limit) {
    assertThat(read(message, ""))
        .isInstanceOfSatisfying(
            ContextOverflowException.class,
            overflow -> {
              assertThat(overflow.tokens()).hasValue(tokens);
              assertThat(overflow.limit()).hasValue(limit);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Context size has been exceeded",
        "the request exceeds the available context size, try increasing it",
        "The number of tokens to keep from the initial prompt is greater than the context length",
        "Reached context length of 4096 tokens with model (arch: qwen3) that does not currently"
            + " support mid-generation context overflow",
        "Trying to keep the first 99999999999 tokens when context the overflows. However, 4096",
      })
  void contextOverflowWithoutReadableNumbers_isOneAllTheSame(String message) {
    assertThat(read(message, ""))
        .isInstanceOfSatisfying(
            ContextOverflowException.class, overflow -> assertThat(overflow.tokens()).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'url' field must be a base64 encoded image. | messages",
        "'response_format.type' must be 'json_schema' or 'text' | response_format.type",
        "Invalid tool_choice type: 'object'. Supported string values: none, auto, required |"
            + " tool_choice",
        "'input' field must be a string or an array of strings | input",
        "Invalid 'messages' in payload: x | messages",
        "Invalid value for reasoning_effort: 'off' | reasoning_effort",
      })
  void wrongField_isNamed(String message, String field) {
    assertThat(read(message, ""))
        .isInstanceOfSatisfying(
            ValidationException.class,
            wrong -> assertThat(wrong.faults()).containsExactly(new Fault(field, message)));
  }

  @Test
  void fieldThatLmStudioNames_isItsOwn() {
    StatedError error = new StatedError("'url' field must be a base64", "", "messages[1].content");
    assertThat(KnownErrors.recognise(error, 400))
        .hasValueSatisfying(
            wrong ->
                assertThat(((ValidationException) wrong).faults())
                    .extracting(Fault::field)
                    .containsExactly("messages[1].content"));
  }

  @ParameterizedTest
  @CsvSource({
    "137, 137",
    "-1, -1",
    "null,",
    "999999999, 999999999",
    "-1073740791, -1073740791",
    "18446744072635812000, -1073739616",
    "12345678901,",
    "1234567890123456789012345,"
  })
  void crash_hasItsExitCode(String said, Integer code) {
    String message = "The model has crashed without additional information. (Exit code: %s)";
    assertThat(read(message.formatted(said), ""))
        .isInstanceOfSatisfying(
            ServerException.class,
            crash ->
                assertThat(crash.exitCode())
                    .isEqualTo(code == null ? OptionalInt.empty() : OptionalInt.of(code)));
  }

  @ParameterizedTest
  @CsvSource({"Compute error.", "Something odd", "Is the server not found?"})
  void otherText_isNotGuessedAt(String message) {
    assertThat(KnownErrors.recognise(new StatedError(message, "unknown", ""), 400)).isEmpty();
  }

  @Test
  void reference_isTheTable() throws IOException {
    assertThat(
            Files.readAllLines(Path.of("docs/reference/errors.md")).stream()
                .dropWhile(line -> !line.equals("## How LM Studio's errors are recognised"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `") || line.startsWith("| –")))
        .containsExactlyElementsOf(
            KnownErrors.ROWS.stream()
                .map(
                    row ->
                        "| %s | `%s` | `%s` |"
                            .formatted(
                                row.code().isEmpty() ? "–" : "`" + row.code() + "`",
                                row.text().pattern().replace("|", "\\|"),
                                row.type().getSimpleName()))
                .toList());
  }
}
