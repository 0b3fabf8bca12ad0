package ee.lmstudio.cli;

import ee.lmstudio.config.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that say which LM Studio a command calls. They override the configuration. */
final class Target {
  @Option(
      names = "--base-url",
      paramLabel = "URL",
      description = "Address of LM Studio, such as http://127.0.0.1:1234.")
  String baseUrl;

  @Option(names = "--scheme", paramLabel = "NAME", description = "http or https.")
  String scheme;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description =
          "Host name or address. With --scheme, --host or --port, LM_STUDIO_BASE_URL is not used.")
  String host;

  @Option(names = "--port", paramLabel = "PORT", description = "Port. LM Studio's default: 1234.")
  String port;

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "File with the API token of LM Studio.")
  String apiKeyFile;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "Limit for each call, such as 500ms, 5s or 2m. 0s: no limit.")
  String timeout;

  private final Shell shell;

  Target(Shell shell) {
    this.shell = shell;
  }

  /**
   * Returns the settings.
   *
   * @throws ee.lmstudio.config.InvalidSettingsException if any of them is invalid
   */
  Settings settings() {
    return Settings.ofEnvironment(shell.environment(), overrides());
  }

  private Map<String, String> overrides() {
    Map<String, String> values = new LinkedHashMap<>();
    if (scheme != null || host != null || port != null) {
      values.put("lm-studio.base-url", "");
      put(values, "lm-studio.scheme", scheme);
      put(values, "lm-studio.host", host);
      put(values, "lm-studio.port", port);
    }
    put(values, "lm-studio.base-url", baseUrl);
    put(values, "lm-studio.timeout", timeout);
    put(values, "lm-studio.generation-timeout", timeout);
    if (apiKeyFile != null) {
      values.put("lm-studio.api-key", "");
      values.put("lm-studio.api-key-file", apiKeyFile);
    }
    return values;
  }

  private static void put(Map<String, String> values, String name, String value) {
    if (value != null) {
      values.put(name, value);
    }
  }
}
