package ee.lmstudio.simulator.junit;

import ee.lmstudio.simulator.SimulatedVersion;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.support.TypeBasedParameterResolver;

/** Runs one simulator for a class with {@link LmStudioSimulator}. */
final class SimulatorExtension extends TypeBasedParameterResolver<SocketSimulator>
    implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final Class<SocketSimulator> KEY = SocketSimulator.class;

  /** A nested class without the annotation finds the simulator of the class around it. */
  @Override
  public void beforeAll(ExtensionContext context) {
    LmStudioSimulator wanted =
        context.getRequiredTestClass().getAnnotation(LmStudioSimulator.class);
    if (wanted != null) {
      store(context).put(KEY, start(wanted));
    }
  }

  @Override
  public SocketSimulator resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return store(context).get(KEY, SocketSimulator.class);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    store(context).get(KEY, SocketSimulator.class).forgetScripts().forgetRequests();
  }

  /** Removes only what {@link #beforeAll} stored for the same class. */
  @Override
  public void afterAll(ExtensionContext context) {
    SocketSimulator own = store(context).remove(KEY, SocketSimulator.class);
    if (own != null) {
      own.close();
    }
  }

  private static ExtensionContext.Store store(ExtensionContext context) {
    return context.getStore(ExtensionContext.Namespace.create(SimulatorExtension.class));
  }

  private static SocketSimulator start(LmStudioSimulator wanted) {
    if (wanted.scripted()) {
      return SocketSimulator.scripted();
    }
    SimulatorSettings settings =
        SimulatorSettings.defaults()
            .withVersion(SimulatedVersion.parse(wanted.version()))
            .withSpeed(
                new Speed(wanted.tokensPerSecond(), Duration.ofMillis(wanted.firstTokenMs())))
            .withSeed(wanted.seed())
            .withApiTokens(wanted.apiTokens());
    return SocketSimulator.start(
        wanted.faultsByHeader() ? settings.withFaultsByHeader() : settings);
  }
}
