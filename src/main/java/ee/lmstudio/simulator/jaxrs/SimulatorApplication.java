package ee.lmstudio.simulator.jaxrs;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** Puts the simulator at {@code /simulator}, below whatever the context root is. */
@ApplicationPath("simulator")
public class SimulatorApplication extends Application {

  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(SimulatorResource.class);
  }
}
