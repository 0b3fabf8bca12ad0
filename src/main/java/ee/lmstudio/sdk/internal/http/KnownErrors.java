package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.ContextOverflowException;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ModelNotLoadedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.ValidationException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Maps the errors that LM Studio is known to state to exceptions. The first row whose text is found
 * wins; if there is none, the first row with the code. The text counts more, because LM Studio
 * gives different errors the same code. The status does not count: LM Studio gives the same error
 * different statuses.
 */
final class KnownErrors {
  /** Maximum length of a 64-bit number with a sign. */
  private static final int MOST_DIGITS = 21;

  /** Creates the exception of a row. */
  @FunctionalInterface
  interface Maker {
    /**
     * @param found the text's groups, if {@link Matcher#hasMatch()}; else the code fitted
     */
    LmStudioException make(StatedError error, Matcher found, int status);
  }

  /**
   * Describes one kind of error.
   *
   * @param code LM Studio's {@code code}; empty if this kind has no code of its own
   * @param text the pattern of the message; ignores case
   * @param type the exception for this error
   */
  record Row(String code, Pattern text, Class<? extends LmStudioException> type, Maker maker) {
    private Optional<LmStudioException> byText(StatedError error, int status) {
      Matcher found = text.matcher(error.text());
      return found.find() ? Optional.of(maker.make(error, found, status)) : Optional.empty();
    }

    private Optional<LmStudioException> byCode(StatedError error, int status) {
      return !code.isEmpty() && code.equals(error.code())
          ? Optional.of(maker.make(error, text.matcher(""), status))
          : Optional.empty();
    }
  }

  /** The rows, in the order in which they are tried. */
  static final List<Row> ROWS =
      List.of(
          row(
              "model_not_found",
              "invalid model identifier",
              ModelNotFoundException.class,
              (error, found, status) -> noSuchModel(error)),
          // Before "failed to load model", because LM Studio sends both texts if the model cannot
          // embed.
          field(
              "model",
              "not (?:an? )?(?:text )?embeddings? model|(?:model is|is) not (?:an )?embedding"
                  + "|(?:does|do) not support embeddings?",
              "Name an embedding model. The model that was named is a chat model."),
          field(
              "model",
              "model is not (?:an )?llm",
              "Name a chat model. The model that was named is an embedding model."),
          // Before the "not found" rows, because a missing tensor or key of the file is a load
          // error.
          row(
              "",
              "failed to load (?:the )?model|error loading model",
              ModelNotLoadedException.class,
              (error, found, status) ->
                  new ModelNotLoadedException(
                      "LM Studio could not load the model: " + error.message(),
                      "Read the reason in LM Studio's log. If memory is short, use a smaller model"
                          + " or a shorter context.",
                      null)),
          row(
              "",
              "model(?!').*(?:not found|does not exist)|(?:not|cannot) find (?:a |the )?model"
                  + "|(?:not|cannot) find (?:an |the )?instance|instance.*not found",
              ModelNotFoundException.class,
              (error, found, status) -> noSuchModel(error)),
          overflow(
              "", "first (?<tokens>\\d+) tokens when context (?:the )?overflows.*?(?<limit>\\d+)"),
          overflow("", "n_keep:? *\\(?(?<tokens>\\d+)\\)? *>= *n_ctx:? *\\(?(?<limit>\\d+)"),
          overflow(
              "",
              "request \\((?<tokens>\\d+) tokens\\) exceeds the available context size"
                  + " \\((?<limit>\\d+)"),
          overflow(
              "",
              "maximum context length is (?<limit>\\d+) tokens"
                  + "(?:.*?(?:requested|resulted in) (?<tokens>\\d+))?"),
          overflow("", "reached context length of (?<limit>\\d+)"),
          overflow(
              "context_length_exceeded",
              "when context (?:the )?overflows|greater than the context length"
                  + "|context (?:size|length)(?: has been)? exceeded"
                  + "|exceeds? the (?:available|maximum) context"),
          overflow("exceed_context_size_error", "exceed_context_size_error"),
          row(
              "model_not_loaded",
              "no models? (?:is )?loaded|model (?:is |was )?unloaded",
              ModelNotLoadedException.class,
              (error, found, status) ->
                  new ModelNotLoadedException(
                      "LM Studio has no model loaded: " + error.message(),
                      "Load a model in LM Studio, or let LM Studio load models on demand.",
                      null)),
          row(
              "invalid_api_key",
              "lm studio api token",
              AuthenticationException.class,
              (error, found, status) ->
                  authentication("LM Studio refused the API token: " + error.message())),
          row(
              "",
              "unexpected endpoint or method",
              FeatureUnavailableException.class,
              (error, found, status) -> noSuchEndpoint(error)),
          row(
              "",
              "model (?:has )?crashed(?:.*exit code: (?<exit>-?\\d+))?",
              ServerException.class,
              (error, found, status) ->
                  new ServerException(
                      status,
                      "LM Studio's model crashed: " + error.message(),
                      "Load the model again in LM Studio. If it crashes again, use a smaller one.",
                      number(found, "exit"))),
          field(
              "messages",
              "'url' field must be a base64",
              "Send the image itself as a data URI with PNG or JPEG. LM Studio does not fetch"
                  + " addresses and does not read WebP."),
          field(
              "response_format.type",
              "'response_format\\.type' must be",
              "Use json_schema with a schema, or text. LM Studio does not have json_object."),
          field(
              "tool_choice",
              "invalid tool_choice type",
              "Use none, auto or required. LM Studio does not take an object that names a"
                  + " function."),
          field(
              "input",
              "'input' field must be a string",
              "Send texts. LM Studio does not embed lists of tokens."),
          field(
              "messages",
              "invalid 'messages' in payload",
              "Check for a tool call with an empty id, or a tool message without its call."),
          field(
              "reasoning_effort",
              "reasoning_effort",
              "Use none, minimal, low, medium, high or xhigh. none switches reasoning off."),
          row(
              "previous_response_not_found",
              "previous[ _]response.*not found",
              ValidationException.class,
              (error, found, status) ->
                  refused(
                      "previous_response_id",
                      error,
                      "Start a new conversation. LM Studio no longer has the previous answer.")),
          field(
              "messages",
              "(?:jinja|prompt|chat) template|rendering (?:the )?(?:prompt )?template",
              "Change the order or the roles of the messages, or use a model whose prompt template"
                  + " takes them."));

  /** Texts of failures after which the same request will fail again. */
  private static final Pattern UNSUPPORTED =
      Pattern.compile(
          "\\bunsupported\\b|\\b(?:is|are) not supported|\\b(?:does|do) not support",
          Pattern.CASE_INSENSITIVE);

  private KnownErrors() {}

  /** Returns the exception for an error, whatever the status; empty if the error is not known. */
  static Optional<LmStudioException> recognise(StatedError error, int status) {
    Stream<LmStudioException> byText =
        ROWS.stream().flatMap(row -> row.byText(error, status).stream());
    Stream<LmStudioException> byCode =
        ROWS.stream().flatMap(row -> row.byCode(error, status).stream());
    return Stream.concat(byText, byCode).findFirst();
  }

  /**
   * Returns the exception for a failure (500, or an error inside a stream) that says that something
   * is not supported; empty if the text does not say so. It is not a row of the table: with any
   * other status these words can mean anything, and the status decides.
   */
  static Optional<LmStudioException> unsupported(StatedError error) {
    return UNSUPPORTED.matcher(error.text()).find()
        ? Optional.of(
            new ValidationException(
                "LM Studio does not support what the request asks for: " + error.message(),
                "Remove from the request what LM Studio names, or use another model.",
                faults(error)))
        : Optional.empty();
  }

  /** Returns the faults of a {@link ValidationException}: the field that the error names. */
  static List<ValidationException.Fault> faults(StatedError error) {
    return error.param().isEmpty()
        ? List.of()
        : List.of(new ValidationException.Fault(error.param(), error.message()));
  }

  static FeatureUnavailableException noSuchEndpoint(StatedError error) {
    return new FeatureUnavailableException(
        "LM Studio does not know this endpoint"
            + (error.text().isEmpty() ? "" : ": " + error.message()),
        "Check that `baseUrl` is the address of LM Studio, or update LM Studio.",
        null);
  }

  static AuthenticationException authentication(String message) {
    return new AuthenticationException(
        message, "Set `apiKey` to an API token that this LM Studio accepts.", null);
  }

  static ModelNotFoundException noSuchModel(StatedError error) {
    return new ModelNotFoundException(
        "LM Studio does not have this model: " + error.message(),
        "Use the id of a model that LM Studio lists.",
        null);
  }

  private static Row row(
      String code, String text, Class<? extends LmStudioException> type, Maker maker) {
    return new Row(code, Pattern.compile(text, Pattern.CASE_INSENSITIVE), type, maker);
  }

  private static Row overflow(String code, String text) {
    return row(
        code,
        text,
        ContextOverflowException.class,
        (error, found, status) ->
            new ContextOverflowException(
                "Prompt and answer do not fit into the model's context: " + error.message(),
                "Shorten the chat, ask for fewer tokens, or load the model with a longer context.",
                number(found, "tokens"),
                number(found, "limit")));
  }

  private static Row field(String field, String text, String hint) {
    return row(
        "", text, ValidationException.class, (error, found, status) -> refused(field, error, hint));
  }

  private static ValidationException refused(String field, StatedError error, String hint) {
    String at = error.param().isEmpty() ? field : error.param();
    return new ValidationException(
        "LM Studio refused the request: " + error.message(),
        hint,
        List.of(new ValidationException.Fault(at, error.message())));
  }

  /**
   * Returns the number in a group; empty if the pattern does not have the group, or the group did
   * not match.
   */
  private static OptionalInt number(Matcher found, String group) {
    if (!found.hasMatch() || !found.namedGroups().containsKey(group)) {
      return OptionalInt.empty();
    }
    String digits = found.group(group);
    if (digits == null || digits.length() > MOST_DIGITS) {
      return OptionalInt.empty();
    }
    // Exit codes of Windows can be signed or unsigned 64-bit numbers.
    long number = new BigInteger(digits).longValue();
    return number == (int) number ? OptionalInt.of((int) number) : OptionalInt.empty();
  }
}
