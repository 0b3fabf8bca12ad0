package ee.lmstudio.server;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/**
 * Tells when a request that was made asynchronous has ended. It listens from the moment when it is
 * made so: later, it could have ended already.
 */
final class CountedRequest extends HttpServletRequestWrapper implements AsyncListener {
  private final Runnable ended;

  /** Touched only by the container's thread that serves the request. */
  private boolean asynchronous;

  CountedRequest(HttpServletRequest request, Runnable ended) {
    super(request);
    this.ended = ended;
  }

  @Override
  public AsyncContext startAsync() {
    return counted(super.startAsync());
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
    return counted(super.startAsync(request, response));
  }

  private AsyncContext counted(AsyncContext context) {
    context.addListener(this);
    asynchronous = true;
    return context;
  }

  boolean isAsynchronous() {
    return asynchronous;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    ended.run();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    // What ends it is told by onComplete.
  }

  @Override
  public void onError(AsyncEvent event) {
    // What ends it is told by onComplete.
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // A context that is started again forgets its listeners.
    event.getAsyncContext().addListener(this);
  }
}
