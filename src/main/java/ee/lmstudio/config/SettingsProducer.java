package ee.lmstudio.config;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.simulator.SimulatorSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/**
 * Produces the settings for injection: {@link ServerSettings}, {@link LmStudioSettings} and {@link
 * Settings}. They are read once.
 */
@ApplicationScoped
public class SettingsProducer {
  @Inject Config config;
  @Inject ServerAddress address;

  /**
   * Produces the complete configuration.
   *
   * @throws InvalidSettingsException if it is invalid
   */
  @Produces
  @Singleton
  public Settings settings() {
    return SettingsReader.read(
        name -> config.getOptionalValue(name, String.class), config.getPropertyNames());
  }

  /** Produces the settings of this server. */
  @Produces
  @Singleton
  public ServerSettings server(Settings settings) {
    return settings.server();
  }

  /**
   * Produces the settings for LM Studio. If the simulator is used, the port of this server must be
   * known: inject an {@code Instance} and get the settings at the first call.
   */
  @Produces
  @Singleton
  public LmStudioSettings upstream(Settings settings) {
    return settings.upstream(address::http);
  }

  /** Produces the settings of the simulator, or null, which CDI allows here, if it is off. */
  @Produces
  @Dependent
  public SimulatorSettings simulator(Settings settings) {
    return settings.server().simulator() ? SimulatorSettings.defaults() : null;
  }
}
