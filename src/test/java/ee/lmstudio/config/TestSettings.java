package ee.lmstudio.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings of a server without callers, upstream guards and simulator. */
public final class TestSettings {
  private TestSettings() {}

  public static ServerSettings with(ServerSettings.Streams streams) {
    return with(streams, new ServerSettings.Listeners(0, 0));
  }

  public static ServerSettings with(
      ServerSettings.Streams streams, ServerSettings.Listeners listeners) {
    return new ServerSettings(
        true,
        new ServerSettings.Features(false, false),
        Environment.LOCAL,
        List.of(),
        "127.0.0.1",
        List.of(),
        List.of(),
        1024,
        List.of(),
        new ServerSettings.Bodies(Duration.ofSeconds(30), 4, 4096),
        streams,
        listeners,
        new ServerSettings.Guards(0, Duration.ZERO, 0, 0),
        Readiness.SELF,
        Duration.ZERO,
        Path.of("target"),
        0,
        false);
  }
}
