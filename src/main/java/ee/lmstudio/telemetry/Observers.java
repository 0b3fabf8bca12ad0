package ee.lmstudio.telemetry;

import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.EventContext;
import jakarta.enterprise.inject.spi.EventMetadata;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.enterprise.inject.spi.ObserverMethod;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Those who observe one type of CDI event. Unlike {@link Event#fire}, which stops at the first
 * observer that throws, each is told; what one throws is logged.
 */
public final class Observers<T> {
  private static final Logger LOG = Logger.getLogger(Observers.class.getName());

  /** An event as its observers get it. */
  private record Fired<T>(T getEvent) implements EventContext<T>, EventMetadata {
    @Override
    public EventMetadata getMetadata() {
      return this;
    }

    @Override
    public Set<Annotation> getQualifiers() {
      return Set.of(Any.Literal.INSTANCE);
    }

    @Override
    public InjectionPoint getInjectionPoint() {
      return null;
    }

    @Override
    public Type getType() {
      return getEvent.getClass();
    }
  }

  private final List<ObserverMethod<? super T>> methods;

  private Observers(List<ObserverMethod<? super T>> methods) {
    this.methods = methods;
  }

  /** Who observes events of the type that {@code example} has, by priority. */
  public static <T> Observers<T> of(BeanManager beans, T example) {
    Comparator<ObserverMethod<? super T>> byPriority =
        Comparator.comparingInt(ObserverMethod::getPriority);
    return new Observers<>(
        beans.resolveObserverMethods(example).stream()
            .filter(method -> !method.isAsync())
            .sorted(byPriority)
            .toList());
  }

  /** Whether nobody observes. */
  public boolean none() {
    return methods.isEmpty();
  }

  /** Tells each of them, one after the other, on this thread. */
  public void tell(T event) {
    for (ObserverMethod<? super T> method : methods) {
      tell(method, event);
    }
  }

  private static <S> void tell(ObserverMethod<S> method, S event) {
    try {
      method.notify(new Fired<>(event));
    } catch (RuntimeException | Error observers) {
      LOG.log(Level.WARNING, "An observer failed; what it observes goes on", observers);
    }
  }
}
