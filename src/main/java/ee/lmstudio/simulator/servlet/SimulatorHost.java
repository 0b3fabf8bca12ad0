package ee.lmstudio.simulator.servlet;

import ee.lmstudio.simulator.Pacer;
import ee.lmstudio.simulator.Responder;
import ee.lmstudio.simulator.Simulator;
import ee.lmstudio.simulator.SimulatorSettings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Holds the one simulator of the application and the threads that play its answers, one virtual
 * thread each.
 *
 * <p>The simulator is on if there is a bean {@link SimulatorSettings}: a producer in scope
 * {@code @Dependent} that gives null, or no producer at all, leaves it off.
 */
@ApplicationScoped
public class SimulatorHost {
  @Inject Instance<SimulatorSettings> settings;

  private Optional<Responder> simulator = Optional.empty();
  private ExecutorService threads;

  @PostConstruct
  void start() {
    threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("lm-studio-simulator-web-", 0).factory());
    if (settings.isResolvable()) {
      simulator =
          Optional.ofNullable(settings.get())
              .map(found -> new Simulator(found, Clock.systemUTC().instant()));
    }
  }

  /** The simulator; empty while it is off. */
  Optional<Responder> simulator() {
    return simulator;
  }

  Pacer pacer() {
    return Pacer.realTime();
  }

  void play(Runnable answer) {
    threads.execute(answer);
  }

  /** Ends answers that are being played: their clients see the connection end. */
  @PreDestroy
  void stop() {
    threads.shutdownNow();
  }
}
