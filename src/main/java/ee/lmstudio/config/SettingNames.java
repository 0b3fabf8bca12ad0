package ee.lmstudio.config;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Translates the SDK's hints for the operator of the server. The SDK names its settings as its Java
 * API does, in backticks: {@code `audioEnabled(true)`}. The operator sets environment variables:
 * {@code LM_STUDIO_ENABLE_AUDIO=true}.
 */
public final class SettingNames {
  /** The names in the SDK's settings and call options, each with its key in the server. */
  static final Map<String, ConfigKey<?>> BY_SDK_NAME =
      Map.ofEntries(
          entry("baseUrl", ConfigKeys.BASE_URL),
          entry("apiKey", ConfigKeys.API_KEY),
          entry("extraHeaders", ConfigKeys.EXTRA_HEADERS),
          entry("allowedHosts", ConfigKeys.ALLOWED_HOSTS),
          entry("verifyTls", ConfigKeys.VERIFY_TLS),
          entry("connectLimit", ConfigKeys.CONNECT_TIMEOUT),
          entry("callLimit", ConfigKeys.TIMEOUT),
          entry("generationLimit", ConfigKeys.GENERATION_TIMEOUT),
          entry("firstTokenLimit", ConfigKeys.FIRST_TOKEN_TIMEOUT),
          entry("idleLimit", ConfigKeys.IDLE_TIMEOUT),
          entry("maxRetries", ConfigKeys.MAX_RETRIES),
          entry("streamRecovery", ConfigKeys.STREAM_RECOVERY),
          entry("streamingEnabled", ConfigKeys.ENABLE_STREAMING),
          entry("streamRetryPause", ConfigKeys.STREAM_RETRY_MS),
          entry("defaultModel", ConfigKeys.DEFAULT_MODEL),
          entry("defaultEmbeddingModel", ConfigKeys.DEFAULT_EMBEDDING_MODEL),
          entry("strictModel", ConfigKeys.STRICT_MODEL),
          entry("audioEnabled", ConfigKeys.ENABLE_AUDIO),
          entry("imagesEnabled", ConfigKeys.ENABLE_IMAGES));

  /** A setting in backticks, with a value in parentheses or without. */
  private static final Pattern SETTING = Pattern.compile("`([a-zA-Z]+)(?:\\(([^`]*)\\))?`");

  private SettingNames() {}

  /** Returns a hint of the SDK with the server's environment variables in it. */
  public static String inServerTerms(String hint) {
    return SETTING
        .matcher(hint)
        .replaceAll(found -> Matcher.quoteReplacement(translated(found.group(1), found)));
  }

  private static String translated(String name, MatchResult found) {
    ConfigKey<?> key = BY_SDK_NAME.get(name);
    if (key == null) {
      return found.group();
    }
    String value = found.group(2);
    return key.environmentVariable() + (value == null ? "" : "=" + written(value));
  }

  /** A Java value as an environment variable holds it: a list is separated by commas. */
  private static String written(String value) {
    return value.startsWith("List.of(")
        ? value.replaceAll("List\\.of\\(|[\")\\s]", "")
        : value.toLowerCase(Locale.ROOT);
  }
}
