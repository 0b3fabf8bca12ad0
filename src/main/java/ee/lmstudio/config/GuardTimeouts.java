package ee.lmstudio.config;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * A config source that derives the timeouts of the Fault Tolerance guards from our own time limits.
 * Each timeout is a little longer than the limit that the SDK applies itself, so it only ends calls
 * that the SDK did not end. MicroProfile Config finds this source through {@code
 * META-INF/services}.
 */
public final class GuardTimeouts implements ConfigSource {
  private static final Duration LATER = Duration.ofSeconds(10);
  private static final Duration NO_LIMIT = Duration.ofDays(30);
  private static final String GUARD = "ee.lmstudio.upstreams.CallTimeouts/";
  private static final Map<String, ConfigKey<Duration>> LIMITS =
      Map.of(
          GUARD + "plain/Timeout/value", ConfigKeys.TIMEOUT,
          GUARD + "work/Timeout/value", ConfigKeys.GENERATION_TIMEOUT);

  private final UnaryOperator<String> texts;

  /** Used by MicroProfile Config. */
  public GuardTimeouts() {
    this(name -> ConfigProvider.getConfig().getOptionalValue(name, String.class).orElse(null));
  }

  GuardTimeouts(UnaryOperator<String> texts) {
    this.texts = texts;
  }

  @Override
  public Set<String> getPropertyNames() {
    return LIMITS.keySet();
  }

  /**
   * Returns the timeout in milliseconds. If the limit is invalid, its default is used: the start-up
   * check reports the invalid value.
   */
  @Override
  public String getValue(String name) {
    ConfigKey<Duration> key = LIMITS.get(name);
    if (key == null) {
      return null;
    }
    Duration limit = limit(key);
    return String.valueOf((limit.isZero() ? NO_LIMIT : limit.plus(LATER)).toMillis());
  }

  private Duration limit(ConfigKey<Duration> key) {
    String text = texts.apply(key.name());
    try {
      return text == null || text.isBlank()
          ? key.defaultValue().orElseThrow()
          : key.type().parser().apply(text);
    } catch (IllegalArgumentException reportedAtTheStart) {
      return key.defaultValue().orElseThrow();
    }
  }

  /** Returns a number below that of every other source, so that an explicit setting wins. */
  @Override
  public int getOrdinal() {
    return 50;
  }

  @Override
  public String getName() {
    return "lm-studio guard timeouts";
  }
}
