package ee.lmstudio.access;

import ee.lmstudio.config.AccessToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is signed in by browser. A session ends after {@link #IDLE} without a request, when its token
 * is no longer in force, at sign-out, and with the server. For any thread.
 */
@ApplicationScoped
public class Sessions {
  /** How long a session lasts without a request. */
  public static final Duration IDLE = Duration.ofHours(8);

  /** When there are more, the one that was not used for longest ends. */
  static final int MAX = 10_000;

  private record Session(AccessToken token, Instant lastUsed) {}

  private final InstantSource clock;

  /** By id, the one used last at the end. Guarded by this. */
  private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

  @Inject AccessTokens tokens;

  /** For the container. */
  public Sessions() {
    this(InstantSource.system());
  }

  Sessions(InstantSource clock) {
    this.clock = clock;
  }

  /** Opens a session with a new id, which only the browser may learn. */
  public synchronized String open(AccessToken token) {
    Instant now = clock.instant();
    sessions.values().removeIf(session -> isOver(session, now));
    if (sessions.size() >= MAX) {
      sessions.remove(sessions.keySet().iterator().next());
    }
    String id = RandomId.next();
    sessions.put(id, new Session(token, now));
    return id;
  }

  /** Whose session it is, counting as a use of it; empty if there is no such session (any more). */
  public synchronized Optional<AccessToken> use(String id) {
    Session session = sessions.get(id);
    if (session == null) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (isOver(session, now) || !tokens.isInForce(session.token())) {
      sessions.remove(id);
      return Optional.empty();
    }
    sessions.put(id, new Session(session.token(), now));
    return Optional.of(session.token());
  }

  /** Ends a session, if there is one of this id. */
  public synchronized void end(String id) {
    sessions.remove(id);
  }

  private static boolean isOver(Session session, Instant now) {
    return !now.isBefore(session.lastUsed().plus(IDLE));
  }
}
