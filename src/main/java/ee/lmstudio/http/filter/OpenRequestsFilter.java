package ee.lmstudio.http.filter;

import ee.lmstudio.http.RouteTable;
import ee.lmstudio.server.OpenRequests;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Counts the API calls that are being answered, so that a stop can wait for them. */
@WebFilter(
    filterName = "open-requests",
    urlPatterns = {RouteTable.API_ROOT + "/*", RouteTable.OPENAI_ROOT + "/*"},
    dispatcherTypes = {DispatcherType.REQUEST, DispatcherType.ASYNC},
    asyncSupported = true)
public class OpenRequestsFilter extends HttpFilter {
  private static final long serialVersionUID = 1;

  @Inject transient OpenRequests open;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Counted counted = new Counted(request, open::ended);
    open.began();
    try {
      chain.doFilter(counted, response);
    } finally {
      if (!counted.asynchronous) {
        open.ended();
      }
    }
  }

  /**
   * Notices when an asynchronous request has ended. It listens from the moment at which the request
   * becomes asynchronous: a listener that is added later could miss the end.
   */
  private static final class Counted extends HttpServletRequestWrapper implements AsyncListener {
    private final Runnable ended;

    /** Touched only by the container's thread that serves the request. */
    private boolean asynchronous;

    Counted(HttpServletRequest request, Runnable ended) {
      super(request);
      this.ended = ended;
    }

    @Override
    public AsyncContext startAsync() {
      return listened(super.startAsync());
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
      return listened(super.startAsync(request, response));
    }

    private AsyncContext listened(AsyncContext context) {
      context.addListener(this);
      asynchronous = true;
      return context;
    }

    @Override
    public void onComplete(AsyncEvent event) {
      ended.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // onComplete follows.
    }

    @Override
    public void onError(AsyncEvent event) {
      // onComplete follows.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // A context that is started again forgets its listeners.
      event.getAsyncContext().addListener(this);
    }
  }
}
