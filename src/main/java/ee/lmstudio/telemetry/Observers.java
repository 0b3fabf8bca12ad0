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
 * The observers of one type of CDI event. {@link Event#fire} stops at the first observer that
 * throws an exception. This class calls every observer and logs the exceptions.
 */
public final class Observers<T> {
  private static final Logger LOG = Logger.getLogger(Observers.class.getName());

  /** An event together with the metadata that its observers get. */
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

  /** Returns the observers of events of the type of {@code example}, ordered by priority. */
  public static <T> Observers<T> of(BeanManager beans, T example) {
    Comparator<ObserverMethod<? super T>> byPriority =
        Comparator.comparingInt(ObserverMethod::getPriority);
    return new Observers<>(
        beans.resolveObserverMethods(example).stream()
            .filter(method -> !method.isAsync())
            .sorted(byPriority)
            .toList());
  }

  /** Returns whether there are no observers. */
  public boolean none() {
    return methods.isEmpty();
  }

  /** Calls each observer, one after the other, on this thread. */
  public void tell(T event) {
    for (ObserverMethod<? super T> method : methods) {
      tell(method, event);
    }
  }

  private static <S> void tell(ObserverMethod<S> method, S event) {
    try {
      method.notify(new Fired<>(event));
    } catch (RuntimeException | Error observers) {
      LOG.log(Level.WARNING, "An observer of a CDI event threw an exception", observers);
    }
  }
}
