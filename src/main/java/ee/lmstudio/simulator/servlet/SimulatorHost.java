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
 * Holds the simulator of the application, and starts one virtual thread for each answer.
 *
 * <p>The simulator is on if there is a bean {@link SimulatorSettings}. It is off if there is no
 * producer, or if a producer in scope {@code @Dependent} returns null.
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

  /** Returns the simulator; empty if it is off. */
  Optional<Responder> simulator() {
    return simulator;
  }

  Pacer pacer() {
    return Pacer.realTime();
  }

  void play(Runnable answer) {
    threads.execute(answer);
  }

  /** Ends the answers that are being sent: their clients see the connection end. */
  @PreDestroy
  void stop() {
    threads.shutdownNow();
  }
}
