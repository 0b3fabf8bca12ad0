package ee.lmstudio.cli;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.config.InvalidSettingsException;
import ee.lmstudio.config.SettingNames;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.storage.StorageException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;

/**
 * An error as the command line shows it. The last line says what to do next.
 *
 * @param code the code for programs
 * @param message what failed, with the value
 * @param hint what to do next
 */
record CliError(String code, String message, String hint) {
  /** Shows an exception and returns the exit code. A defect of ours has a stack trace. */
  static int show(Shell shell, Exception failure, boolean json) {
    CliError told = of(failure);
    if (json) {
      shell.json(JSON.createObjectBuilder().add("ok", false).add("error", told.toJson()).build());
    } else {
      shell.error(told.message());
      shell.note(told.hint());
    }
    return failure instanceof InvalidSettingsException || failure instanceof UsageException
        ? LmStudioCli.WRONG_USAGE
        : LmStudioCli.FAILED;
  }

  static CliError of(Exception failure) {
    return switch (failure) {
      case LmStudioException call ->
          new CliError(call.code(), call.getMessage(), SettingNames.inServerTerms(call.hint()));
      case InvalidSettingsException settings ->
          new CliError(
              "invalid_settings",
              settings.getMessage(),
              "Correct the options or the environment variables. docs/reference/configuration.md"
                  + " lists all of them.");
      case StorageException storage ->
          new CliError("storage_failed", storage.getMessage(), storage.hint());
      case UsageException usage -> new CliError("wrong_usage", usage.getMessage(), usage.hint());
      default -> {
        failure.printStackTrace();
        yield new CliError(
            "internal_error",
            "This is a defect of lmstudio: " + failure,
            "Please report it with the stack trace above.");
      }
    };
  }

  JsonObject toJson() {
    JsonObjectBuilder json =
        JSON.createObjectBuilder().add("code", code).add("message", message).add("hint", hint);
    return json.build();
  }

  /**
   * Thrown if the values of options cannot be used together, or name something that is not there.
   */
  static final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String hint;

    UsageException(String message, String hint) {
      super(message);
      this.hint = hint;
    }

    String hint() {
      return hint;
    }
  }
}
