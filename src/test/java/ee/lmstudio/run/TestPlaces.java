package ee.lmstudio.run;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.config.TestSettings;
import java.time.Duration;

/** Places for listeners with the limits of a test. */
public final class TestPlaces {
  private TestPlaces() {}

  /**
   * @param perStream maximum number of listeners of one stream; 0: no limit
   * @param perCaller maximum number of listeners of one caller; 0: no limit
   * @param most maximum number of listeners of the whole server
   */
  public static ListenerPlaces of(int perStream, int perCaller, long most) {
    ListenerPlaces places = new ListenerPlaces(most);
    Duration none = Duration.ZERO;
    places.settings =
        TestSettings.with(
            new ServerSettings.Streams(0, 0, none, 0, none, none, none, none, none, none),
            new ServerSettings.Listeners(perStream, perCaller));
    return places;
  }
}
