package ee.lmstudio.server;

import ee.lmstudio.config.Priorities;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/**
 * The CDI event that this server answers requests. CDI itself only tells when the application has
 * been initialised, and Payara routes no request to it before it has also started. On a server
 * without such an event, the end of the initialisation counts.
 */
public record ServerReady() {

  /** Opens the door of the packaged server, and fires the event. */
  @ApplicationScoped
  public static class Notice {
    @Inject Event<ServerReady> ready;
    private final ServerEvents started = new ServerEvents(ServerEvents.STARTED, this::fire);

    void begin(
        @Observes @Priority(Priorities.LAST) @Initialized(ApplicationScoped.class)
            Object application) {
      if (!started.subscribe()) {
        fire();
      }
    }

    void end(@Observes @BeforeDestroyed(ApplicationScoped.class) Object application) {
      started.unsubscribe();
    }

    private void fire() {
      PackagedServer.applicationAnswers();
      ready.fire(new ServerReady());
    }
  }
}
