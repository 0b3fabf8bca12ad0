package ee.lmstudio.config;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Fault Tolerance's timeouts follow our time limits: each is a little longer than the limit that
 * the SDK keeps itself, and catches what that could not end. Found by MicroProfile Config through
 * {@code META-INF/services}.
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

  /** The source that MicroProfile Config makes. */
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
   * In milliseconds. A limit that cannot be read is reported elsewhere; here its default counts.
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

  /** What is set by hand goes before. */
  @Override
  public int getOrdinal() {
    return 50;
  }

  @Override
  public String getName() {
    return "lm-studio guard timeouts";
  }
}
