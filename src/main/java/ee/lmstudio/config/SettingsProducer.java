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
 * Makes the settings injectable: {@link ServerSettings}, {@link LmStudioSettings} and {@link
 * Settings}. They are read once.
 */
@ApplicationScoped
public class SettingsProducer {
  @Inject Config config;
  @Inject ServerAddress address;

  /**
   * The whole configuration.
   *
   * @throws InvalidSettingsException if it is wrong
   */
  @Produces
  @Singleton
  public Settings settings() {
    return SettingsReader.read(
        name -> config.getOptionalValue(name, String.class), config.getPropertyNames());
  }

  /** How this server behaves. */
  @Produces
  @Singleton
  public ServerSettings server(Settings settings) {
    return settings.server();
  }

  /**
   * How to reach LM Studio. With the simulator, this server must know its port: inject an {@code
   * Instance} and ask for it at the first call.
   */
  @Produces
  @Singleton
  public LmStudioSettings upstream(Settings settings) {
    return settings.upstream(address::http);
  }

  /** How the built-in simulator behaves; null, which CDI allows here, while it is off. */
  @Produces
  @Dependent
  public SimulatorSettings simulator(Settings settings) {
    return settings.server().simulator() ? SimulatorSettings.defaults() : null;
  }
}
